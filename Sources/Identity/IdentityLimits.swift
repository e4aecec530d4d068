/// Bounds of what one component may hold, so that its row stays below 8 MiB whatever the data says.
public enum IdentityLimits {
    /// Members of a component.
    ///
    /// Past it edges are dropped, lightest first: a hot block that escaped every other bound.
    public static let members = 4_096
    /// Match edges that a record holds on to, the heaviest; further ones are let go unless the other record holds them
    /// or nothing heavier holds the two together.
    ///
    /// Records that all resemble one another would otherwise make a row grow with the square of their number: 500 of
    /// them hold 30,000 edges, not 125,000.
    public static let neighbours = 64
    /// Edges of a component: what all its members hold on to, and what holds them together.
    public static let edges = members * (neighbours + 1)
    /// Decisions of a component: stewards are people.
    public static let decisions = 16_384
    /// Golden identifiers anchored in a component: those of its members and of members that were removed.
    public static let anchors = 65_536
    /// Pairs in the review band kept of a component; further ones are left out, lightest first.
    public static let doubts = 4_096
    /// Review tasks kept of a component; further ones are left out, least harmful first.
    public static let reviews = 256
}
