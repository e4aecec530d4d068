public import HL7v2

/// An identifier with the domain that it was assigned in (CX).
public struct AssignedIdentifier: Hashable, Sendable {
    /// The preferred system of the domain.
    public var system: String
    /// The value within it.
    public var value: String
    /// The type as it was sent, a code of table 0203; empty where none was.
    public var type: String
    /// Where it stood.
    public var location: HL7Location

    /// Makes an identifier.
    public init(system: String, value: String, type: String = "", location: HL7Location) {
        self.system = system
        self.value = value
        self.type = type
        self.location = location
    }
}
