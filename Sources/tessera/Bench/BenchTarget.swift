internal import ArgumentParser

/// What a load test asks: a Tessera, or the FHIR base of any server.
struct BenchTarget: Sendable, Equatable, CustomStringConvertible {
    /// Scheme, host and port.
    let server: ServerURL
    /// The path of the FHIR base, without a slash at its end.
    let base: String
    /// Whether it is a Tessera, so that its native interface may be used.
    let isTessera: Bool

    /// Reads `http://HOST:PORT`, a Tessera, or `http://HOST:PORT/PATH`, the base of a FHIR server.
    init(parsing text: String) throws {
        let scheme = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let slash = text[scheme...].firstIndex(of: "/") ?? text.endIndex
        var path = text[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        guard !path.contains(where: { "?# ".contains($0) }) else {
            throw ValidationError("a URL without query is needed, such as http://127.0.0.1:8080/fhir, not '\(text)'")
        }
        self.init(server: try ServerURL(parsing: String(text[..<slash])), base: path.isEmpty ? nil : String(path))
    }

    /// A Tessera, or a FHIR base below a server.
    init(server: ServerURL, base: String? = nil) {
        self.server = server
        self.base = base ?? "/fhir"
        isTessera = base == nil
    }

    var description: String { isTessera ? server.description : server.description + base }
}
