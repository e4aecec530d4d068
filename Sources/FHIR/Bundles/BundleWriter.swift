import JSON

/// Writes a bundle entry by entry; resources go in as the bytes they are.
///
///     var bundle = BundleWriter(type: .searchset, total: 1)
///     bundle.link(relation: "self", url: url)
///     bundle.append(fullURL: base + "/Patient/1", resource: bytes, search: SearchResult(mode: .match, score: 0.97))
///     answer(bundle.finished())
public struct BundleWriter: Sendable {
    private var writer: JSONWriter
    private var hasLinks = false
    private var hasEntries = false

    /// Begins a bundle.
    ///
    /// - Parameters:
    ///   - type: what the bundle is for.
    ///   - id: logical id; left out when empty.
    ///   - total: matches in all, for search sets and histories.
    ///   - timestamp: when the bundle was put together.
    public init(type: BundleType, id: String = "", total: Int? = nil, timestamp: FHIRInstant? = nil) {
        writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("resourceType", "Bundle")
        writer.text("id", id)
        writer.member("type", type.rawValue)
        writer.text("timestamp", timestamp?.description ?? "")
        if let total {
            writer.key("total")
            writer.integer(total)
        }
    }

    /// Adds a link such as `self` or `next`; links come before entries.
    public mutating func link(relation: String, url: String) {
        precondition(!hasEntries, "links come before entries")
        if !hasLinks {
            writer.key("link")
            writer.beginArray()
            hasLinks = true
        }
        writer.beginObject()
        writer.member("relation", relation)
        writer.member("url", url)
        writer.endObject()
    }

    /// Adds an entry; every part is optional.
    ///
    /// - Parameters:
    ///   - fullURL: the resource's absolute URL; left out when empty.
    ///   - resource: a resource as JSON bytes.
    ///   - search: why the resource is there.
    ///   - request: what was asked for (histories).
    ///   - response: what became of it.
    public mutating func append(
        fullURL: String = "",
        resource: [UInt8]? = nil,
        search: SearchResult? = nil,
        request: BundleRequest? = nil,
        response: BundleResponse? = nil
    ) {
        beginEntries()
        writer.beginObject()
        writer.text("fullUrl", fullURL)
        if let resource {
            writer.key("resource")
            writer.raw(resource)
        }
        if let search { write(search) }
        if let request { write(request) }
        if let response { write(response) }
        writer.endObject()
    }

    /// Ends the bundle and gives its bytes.
    public consuming func finished() -> [UInt8] {
        if hasLinks || hasEntries { writer.endArray() }
        writer.endObject()
        return writer.bytes
    }

    private mutating func beginEntries() {
        guard !hasEntries else { return }
        if hasLinks { writer.endArray() }
        writer.key("entry")
        writer.beginArray()
        hasEntries = true
    }

    private mutating func write(_ search: SearchResult) {
        writer.object("search") {
            if let grade = search.grade {
                $0.elements("extension", [Extension(url: SearchResult.gradeURL, value: .code(grade.rawValue))]) {
                    $0.write(to: &$1)
                }
            }
            $0.member("mode", search.mode.rawValue)
            if let score = search.score {
                $0.key("score")
                $0.double(score)
            }
        }
    }

    private mutating func write(_ request: BundleRequest) {
        writer.object("request") {
            $0.member("method", request.method.rawValue)
            $0.member("url", request.url)
            $0.text("ifNoneMatch", request.ifNoneMatch)
            $0.text("ifMatch", request.ifMatch)
            $0.text("ifNoneExist", request.ifNoneExist)
        }
    }

    private mutating func write(_ response: BundleResponse) {
        writer.object("response") {
            $0.member("status", response.status)
            $0.text("location", response.location)
            $0.text("etag", response.etag)
            $0.text("lastModified", response.lastModified)
            if let outcome = response.outcome {
                $0.key("outcome")
                outcome.write(to: &$0)
            }
        }
    }
}
