internal import JSON

/// One line of the answer to a load: what became of one record.
struct LoadResultLine: Sendable, Equatable {
    /// What became of it.
    enum Outcome: Sendable, Equatable {
        /// It is durable.
        case stored(created: Bool)
        /// It was not stored and may be sent again as it is.
        case retry(reason: String)
        /// It was not stored and will not be.
        case rejected(code: String, field: String, message: String)
    }

    /// The line within the request, from 1.
    let line: Int
    /// What became of it.
    let outcome: Outcome

    /// Reads a line.
    ///
    /// - Throws: `JSONFault` where it is no result.
    init(parsing bytes: RawSpan) throws(JSONFault) {
        var scanner = try JSONScanner(bytes)
        var line = 0
        var isCreated = false
        var mayRetry = false
        var error: (code: String, field: String, message: String)?
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if scanner.key(key, is: "line") {
                line = try scanner.integer()
            } else if scanner.key(key, is: "created") {
                isCreated = try scanner.boolean()
            } else if scanner.key(key, is: "retry") {
                mayRetry = try scanner.boolean()
            } else if scanner.key(key, is: "error") {
                error = try Self.error(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        try scanner.finish()
        self.line = line
        if let error {
            outcome =
                mayRetry
                ? .retry(reason: error.message)
                : .rejected(code: error.code, field: error.field, message: error.message)
        } else {
            outcome = .stored(created: isCreated)
        }
    }

    private static func error(
        _ scanner: inout JSONScanner
    ) throws(JSONFault) -> (code: String, field: String, message: String) {
        var result = (code: "", field: "", message: "")
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if scanner.key(key, is: "code") {
                result.code = scanner.text(try scanner.string())
            } else if scanner.key(key, is: "field") {
                result.field = scanner.text(try scanner.string())
            } else if scanner.key(key, is: "message") {
                result.message = scanner.text(try scanner.string())
            } else {
                try scanner.skipValue()
            }
        }
        return result
    }
}
