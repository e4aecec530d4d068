/// Writes the links of a registry as the server tells them: its pages one after another are one CSV.
struct LinksExport {
    let client: RegistryClient

    /// Writes the file.
    ///
    /// - Returns: the number of records.
    func write(to path: String) async throws -> Int {
        var pages = LinksPages(client, accept: "text/csv")
        var file = try OutputFile(path: path)
        var rows = -1
        while let page = try await pages.page() {
            rows += Self.rows(in: page)
            try file.write(page)
        }
        try file.finish()
        return max(0, rows)
    }

    /// Line ends outside of quotes.
    static func rows(in csv: [UInt8]) -> Int {
        var isQuoted = false
        var rows = 0
        for byte in csv {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == 0x0A, !isQuoted {
                rows += 1
            }
        }
        return rows
    }
}
