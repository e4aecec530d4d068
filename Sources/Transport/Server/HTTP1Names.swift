internal import NIOHTTP1

/// NIO's names for the heads of HTTP/1, beside this room's own.
typealias HTTPRequestHead1 = NIOHTTP1.HTTPRequestHead
typealias HTTPResponseHead1 = NIOHTTP1.HTTPResponseHead

extension HTTPRequestHead {
    /// The head of an HTTP/1 request in the form of this room.
    init(_ head: HTTPRequestHead1, peer: PeerInfo) {
        var fields = HTTPFields()
        for (name, value) in head.headers { fields.add(name, value) }
        self.init(
            method: head.method.rawValue,
            path: Self.path(ofTarget: head.uri),
            authority: head.headers.first(name: "host") ?? "",
            headers: fields,
            version: .http1,
            peer: peer
        )
    }

    /// Cuts scheme and host off a target in absolute form, which a server must accept (RFC 9112 3.2.2).
    private static func path(ofTarget target: String) -> String {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return target }
        let rest = target[scheme.upperBound...]
        guard let slash = rest.firstIndex(of: "/") else { return "/" }
        return String(rest[slash...])
    }
}
