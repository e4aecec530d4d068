internal import Access

/// Which endpoints subscribers may name: an operator's list of hosts and networks, or whatever is not this machine.
///
///     notify_to: hooks.example *.moh.example 10.20.0.0/16
public struct HookReach: Sendable, Hashable {
    /// Hosts that may be told, in lower case; one that begins with `*.` stands for all below it.
    private let hosts: [String]
    /// Networks that may be told.
    private let networks: [NetworkRange]
    /// Whether this machine itself may be told where nothing is listed: services behind no guard listen there.
    public var includesLoopback = true

    /// Everything but addresses at which no subscriber is.
    public static let everything = HookReach(hosts: [], networks: [])

    private init(hosts: [String], networks: [NetworkRange]) {
        self.hosts = hosts
        self.networks = networks
    }

    /// Reads a list; an empty one lists nothing, so that everything may be told.
    ///
    /// - Returns: `nil` where an entry is neither a host nor a network.
    public init?(listing entries: [String]) {
        var (hosts, networks): ([String], [NetworkRange]) = ([], [])
        for entry in entries {
            if let network = NetworkRange(entry) {
                networks.append(network)
            } else if Self.isHost(entry) {
                hosts.append(entry.lowercased())
            } else {
                return nil
            }
        }
        self.init(hosts: hosts, networks: networks)
    }

    private static func isHost(_ entry: String) -> Bool {
        let name = entry.hasPrefix("*.") ? entry.dropFirst(2) : entry[...]
        guard !name.isEmpty, name.first != ".", name.contains(where: \.isLetter) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Why nothing is sent to a host; `nil` where it may be told.
    ///
    /// - Parameters:
    ///   - host: the host of an endpoint, a name or an address.
    ///   - addresses: what it stands for; `nil` where that was not looked up, and only what its name says is judged.
    /// - Returns: the reason.
    public func refusal(of host: String, at addresses: [String]? = nil) -> String? {
        let host = host.lowercased()
        let known = addresses ?? Self.addresses(named: host)
        if known?.contains(where: HookEndpoint.isRefused(address:)) ?? false {
            return "nothing is sent to this address"
        }
        guard !hosts.isEmpty || !networks.isEmpty else {
            let isLoopback = known?.contains { one in NetworkRange.loopback.contains { $0.contains(one) } } ?? false
            return isLoopback && !includesLoopback ? "nothing is sent to the registry's own machine" : nil
        }
        if hosts.contains(where: { $0.hasPrefix("*.") ? host.hasSuffix($0.dropFirst()) : host == $0 }) { return nil }
        let refusal = "this endpoint is not among those that the registry may tell (notify_to)"
        // A name may stand for a listed network: that is seen when it is looked up.
        guard let known else { return networks.isEmpty ? refusal : nil }
        let isListed = !known.isEmpty && known.allSatisfy { one in networks.contains { $0.contains(one) } }
        return isListed ? nil : refusal
    }

    /// What a host stands for as its name says; `nil` where only a look-up tells.
    private static func addresses(named host: String) -> [String]? {
        if host == "localhost" || host.hasSuffix(".localhost") { return ["127.0.0.1"] }
        return NetworkRange(host) == nil ? nil : [host]
    }
}
