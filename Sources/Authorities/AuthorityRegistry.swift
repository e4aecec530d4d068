/// All assigning authorities that a registry knows: any of their names leads to the same domain.
///
///     let authorities = try AuthorityRegistry(yaml: text)
///     authorities.canonical("urn:oid:2.16.840.1.113883.3.72.5.9.1")    // "http://ohie.org/test/test"
///     authorities.mayAssign("clinic-a", "http://ohie.org/test/test")
///
/// Where nothing is configured every system is a domain of its own, and everybody may assign in it.
public struct AuthorityRegistry: Hashable, Sendable {
    /// What becomes of systems that no authority names.
    public enum Unknown: String, Hashable, Sendable {
        /// They are domains of their own.
        case accept
        /// Records under them are refused.
        case refuse
    }

    /// Most authorities: a nation has hundreds, a list longer than this is a mistake.
    public static let limit = 65_536

    /// The authorities in the order of the configuration.
    public let authorities: [Authority]
    /// What becomes of systems that no authority names.
    public let unknown: Unknown
    private let places: [String: Int]

    /// Nothing is configured.
    public static let empty = AuthorityRegistry()

    private init() {
        authorities = []
        unknown = .accept
        places = [:]
    }

    /// Checks authorities and makes them findable.
    ///
    /// - Throws: all faults: an authority without a name of any kind, a name that means two domains.
    public init(_ authorities: [Authority], unknown: Unknown = .accept) throws(AuthorityFaults) {
        var faults: [String] = []
        var places: [String: Int] = [:]
        for (index, authority) in authorities.enumerated() {
            if authority.uri.isEmpty { faults.append("authorities[\(index)]: `uri` or `oid` is needed") }
            if !authority.oid.isEmpty, !AuthorityRegistry.isOID(authority.oid) {
                faults.append("authorities[\(index)].oid: must be numbers joined by dots, such as 2.16.840.1")
            }
            for name in authority.names where !name.isEmpty {
                if let other = places.updateValue(index, forKey: name), other != index {
                    faults.append("authorities[\(index)]: `\(name)` means authorities[\(other)] already")
                }
            }
        }
        if authorities.count > AuthorityRegistry.limit {
            faults.append("more than \(AuthorityRegistry.limit) authorities")
        }
        guard faults.isEmpty else { throw AuthorityFaults(faults) }
        self.authorities = authorities
        self.unknown = unknown
        self.places = places
    }

    /// Whether nothing is configured.
    public var isEmpty: Bool { authorities.isEmpty }

    /// The authority that a name means: a URI, `urn:oid:…`, a dotted object identifier, a namespace id.
    public func find(system: String) -> Authority? { places[system].map { authorities[$0] } }

    /// The preferred system of the domain that a system means; a system that nobody knows stands for itself.
    public func canonical(_ system: String) -> String { places[system].map { authorities[$0].uri } ?? system }

    /// Every name of a domain that is not its preferred one, with the preferred one.
    public var aliases: [String: String] {
        places.mapValues { authorities[$0].uri }.filter { $0.key != $0.value }
    }

    /// Whether a system may hold records.
    public func isAccepted(_ system: String) -> Bool { unknown == .accept || places[system] != nil }

    /// Whether a client may assign identifiers under a system.
    public func mayAssign(_ client: String, _ system: String) -> Bool {
        guard let authority = find(system: system) else { return unknown == .accept }
        return authority.mayAssign(client)
    }

    /// Whether a client is named as one that assigns under a system, rather than merely not shut out.
    public func isAssigner(_ client: String, _ system: String) -> Bool {
        find(system: system)?.assigners.contains(client) ?? false
    }

    /// The only domain that a client is named for: identifiers without a domain are taken to be of it.
    public func soleAuthority(of client: String) -> Authority? {
        let own = authorities.filter { $0.assigners.contains(client) }
        return own.count == 1 ? own[0] : nil
    }

    static func isOID(_ text: String) -> Bool {
        let arcs = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return arcs.count > 1
            && arcs.allSatisfy { !$0.isEmpty && $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
    }
}
