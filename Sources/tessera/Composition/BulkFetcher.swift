import Access
import Foundation
import Gateway
import NIOCore
import Transport

/// Fetches the files of an import over HTTP, never from this machine or its own network unless an operator says so.
///
/// A name is looked up once, every address that it stands for is checked, and the connection goes to one of those: a
/// name that stands for something else a moment later leads nowhere else. Redirects are not followed.
struct BulkFetcher: BulkSource {
    /// Addresses that only machines of this network, or this machine, can reach.
    static let inner = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/3", "::/128", "::1", "64:ff9b::/96", "fc00::/7", "fe80::/10",
        "ff00::/8",
    ].compactMap { NetworkRange($0) }

    /// What addresses may begin with though they lie within.
    let allowed: [String]
    let group: any EventLoopGroup
    /// Addresses that are kept from clients.
    var kept = BulkFetcher.inner
    /// Every address that a name stands for, now.
    var resolve: @Sendable (String) -> [String] = { BulkFetcher.addresses(of: $0) }

    /// Where a file lies.
    struct Place: Sendable {
        let isEncrypted: Bool
        /// A name, or an address without brackets.
        let host: String
        let port: Int
        /// The path with its query.
        let path: String
        /// What the request says it asks.
        let authority: String

        init(_ url: String) throws(BulkSourceFault) {
            guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
                let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https", parts.user == nil
            else { throw BulkSourceFault("is no address") }
            isEncrypted = scheme == "https"
            self.host = host.trimmingCharacters(in: ["[", "]"])
            port = parts.port ?? (isEncrypted ? 443 : 80)
            guard (1...65_535).contains(port) else { throw BulkSourceFault("is no address") }
            let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
            path = (parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath) + query
            let name = self.host.contains(":") ? "[\(self.host)]" : self.host
            authority = parts.port == nil ? name : "\(name):\(port)"
        }
    }

    func check(_ url: String) async throws(BulkSourceFault) { _ = try address(of: try Place(url), url) }

    /// The address to connect to.
    private func address(of place: Place, _ url: String) throws(BulkSourceFault) -> String {
        let addresses = resolve(place.host)
        guard let first = addresses.first else { throw BulkSourceFault("the host is not known") }
        if allowed.contains(where: { url.hasPrefix($0) }) { return first }
        for address in addresses where kept.contains(where: { $0.contains(address) }) {
            throw BulkSourceFault("this address is not fetched from: it lies within the registry's own network")
        }
        return first
    }

    /// Every address that a name stands for.
    static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let entry = next {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = socklen_t(name.count)
            if getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &name, length, nil, 0, NI_NUMERICHOST) == 0
            {
                found.append(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            }
            next = entry.pointee.ai_next
        }
        return found
    }

    func fetch(_ url: String) async throws(BulkSourceFault) -> any BulkFile {
        let place = try Place(url)
        let address = try address(of: place, url)
        // The certificate must still be that of the name.
        let tls = place.isEncrypted ? TLSClientConfiguration(serverName: place.host) : nil
        var configuration = HTTPClientConfiguration()
        configuration.maxResponseBytes = RangedFile.wholeMax
        configuration.defaultDeadline = RangedFile.patience
        let client: HTTP1Client
        do throws(TransportError) {
            client = try HTTP1Client(
                endpoint: Endpoint(host: address, port: place.port, tls: tls),
                configuration: configuration,
                group: group
            )
        } catch {
            throw BulkSourceFault("the file cannot be fetched (\(error.code.rawValue))")
        }
        return RangedFile(client, place)
    }
}
