internal import Access

/// Where subscribers may be told, and with which header fields: what a client names must not turn the registry against
/// the machine it runs on, or against what stands before a subscriber.
public enum HookEndpoint {
    /// Addresses at which no subscriber is: nobody's, those of the link (where clouds keep credentials), many at once.
    private static let refused = [
        "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/128", "fe80::/10", "ff00::/8", "64:ff9b::/96",
    ].compactMap { NetworkRange($0) }

    /// Header fields that say how a message is sent: a subscriber's own would make two messages of one.
    static let own: Set = [
        "host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect",
        "proxy-authorization", "proxy-connection", "content-encoding",
    ]

    /// Whether an address is one at which no subscriber is.
    public static func isRefused(address: String) -> Bool {
        refused.contains { $0.contains(address) }
    }

    /// Whether the address that a URL names outright is refused.
    static func isRefused(_ url: String) -> Bool {
        guard let host = host(of: url) else { return true }
        return isRefused(address: host)
    }

    /// The host of a URL without brackets; `nil` where it has none, or names somebody to log in as.
    public static func host(of url: String) -> String? {
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
        guard !authority.contains("@"), !authority.isEmpty else { return nil }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        let host = String(authority.prefix { $0 != ":" })
        return host.isEmpty ? nil : host
    }

    /// Whether a text may be the name of a header field (RFC 9110, 5.6.2).
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
