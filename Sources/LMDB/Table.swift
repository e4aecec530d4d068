/// A named table of an environment; keys are ordered bytewise.
public struct Table: Sendable {
    let handle: UInt32
}
