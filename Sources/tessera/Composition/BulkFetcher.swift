import Access
import Foundation
import Gateway

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Fetches the files of an import over HTTP, never from this machine or its own network unless an operator says so.
struct BulkFetcher: BulkSource {
    /// Addresses that only machines of this network, or this machine, can reach.
    private static let inner = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/128", "::1", "fc00::/7", "fe80::/10", "ff00::/8",
    ].compactMap { NetworkRange($0) }
    /// Longest file.
    private static let bytesMax = 64 << 30
    private static let patience = 3_600.0

    /// What addresses may begin with though they lie within.
    let allowed: [String]

    func check(_ url: String) async throws(BulkSourceFault) {
        if allowed.contains(where: { url.hasPrefix($0) }) { return }
        guard let host = URL(string: url)?.host, !host.isEmpty else { throw BulkSourceFault("is no address") }
        let plain = host.trimmingCharacters(in: ["[", "]"])
        let addresses = Self.addresses(of: plain)
        guard !addresses.isEmpty else { throw BulkSourceFault("the host is not known") }
        for address in addresses where Self.inner.contains(where: { $0.contains(address) }) {
            throw BulkSourceFault("this address is not fetched from: it lies within the registry's own network")
        }
    }

    /// Every address that a name stands for.
    private static func addresses(of host: String) -> [String] {
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
        try await check(url)
        guard let address = URL(string: url) else { throw BulkSourceFault("is no address") }
        let session = URLSession(configuration: .ephemeral, delegate: NoRedirects(), delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let request = URLRequest(
            url: address,
            cachePolicy: .reloadIgnoringLocalCacheData,
            timeoutInterval: Self.patience
        )
        do {
            let (file, response) = try await session.download(for: request)
            guard (response as? HTTPURLResponse)?.statusCode == 200 else {
                try? FileManager.default.removeItem(at: file)
                throw BulkSourceFault("the file is not there (no status 200)")
            }
            return try FetchedFile(file)
        } catch let fault as BulkSourceFault {
            throw fault
        } catch {
            throw BulkSourceFault("the file cannot be fetched (\((error as? URLError)?.code.rawValue ?? 0))")
        }
    }
}

/// Follows no redirect: it may lead where the first address did not.
private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// A fetched file, read piece by piece and removed at the end.
private actor FetchedFile: BulkFile {
    private static let piece = 1 << 20
    private let handle: FileHandle
    private let place: URL

    init(_ file: URL) throws {
        place = file
        handle = try FileHandle(forReadingFrom: file)
    }

    func next() -> [UInt8]? {
        guard let data = try? handle.read(upToCount: Self.piece), !data.isEmpty else { return nil }
        return [UInt8](data)
    }

    func close() {
        try? handle.close()
        try? FileManager.default.removeItem(at: place)
    }
}
