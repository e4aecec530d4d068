/// A domain as HL7 v2 names it (HD): namespace, universal id and the type of that.
public struct Designator: Hashable, Sendable {
    /// The namespace id.
    public var namespace: String
    /// The universal id, such as an object identifier in dotted form.
    public var universalID: String
    /// The type of the universal id: `ISO` for object identifiers, `URI` for others.
    public var type: String

    /// Puts a designator together.
    public init(namespace: String = "", universalID: String = "", type: String = "") {
        self.namespace = namespace
        self.universalID = universalID
        self.type = type
    }
}
