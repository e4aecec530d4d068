import JSON
import Testing

/// An error says where it is in the three ways that people look: byte, line and column, path.
@Suite struct ErrorTests {
    static let told: [(String, String)] = [
        ("", "line 1, column 1: expected a value, found the end of the text"),
        ("{\"a\":1,}", "line 1, column 8: expected a name in quotes, found \"}\""),
        ("{\n  \"a\": 01\n}", "line 2, column 8, at a: not a JSON number"),
        ("[1, 2, x]", "line 1, column 8, at [2]: expected a value, found \"x\""),
        ("{\"name\":[{\"given\":[\"A\",\"B\\q\"]}]}", "line 1, column 26, at name[0].given[1]: \(invalidEscape)"),
        ("{\"é\":\n[tru]}", "line 2, column 2, at é[0]: expected a boolean, found \"t\""),
        ("{\"a\":{\"b\":1}, \"c\":[[],[1 2]]}", "line 1, column 26, at c[1][0]: expected , or ], found a number"),
        ("[1] 2", "line 1, column 5: unexpected data after the end of the JSON value"),
        ("{\"a\":\"\t\"}", "line 1, column 7, at a: control character in a string must be written as an escape"),
        ("[\"\\ud83dx\"]", "line 1, column 3, at [0]: \\u escape is half of a surrogate pair"),
        ("{\"a\" 1}", "line 1, column 6, at a: expected :, found a number"),
        ("{\"a\":{\"k\":0,\"k\":1}}", "line 1, column 13, at a: the name \"k\" appears twice in one object"),
        ("[\u{1}]", "line 1, column 2, at [0]: expected a value, found byte 0x1"),
    ]

    static let invalidEscape = #"invalid escape in a string; allowed are \" \\ \/ \b \f \n \r \t \uXXXX"#

    @Test(arguments: told) func `an error names its place and what was expected`(text: String, message: String) {
        #expect(parseError(Array(text.utf8))?.description == message)
    }

    @Test func `an error counts bytes from the start of the text`() {
        let error = parseError(Array("{\"é\": [tru]}".utf8))
        #expect(error?.offset == 8)
        #expect(error?.location.column == 8)
    }

    @Test func `asking for another kind is told with both kinds`() throws {
        let bytes = Array("{\"gender\": 7}".utf8)
        var scanner = try JSONScanner(bytes.span.bytes)
        try scanner.beginObject()
        _ = try scanner.nextKey()
        do throws(JSONFault) {
            _ = try scanner.string()
            Issue.record("a number passed for a string")
        } catch {
            let told = JSONError(error, in: bytes.span.bytes).description
            #expect(told == "line 1, column 12, at gender: expected a string, found a number")
        }
    }

    @Test func `a path cuts names that are too long`() {
        let error = parseError(Array("{\"\(String(repeating: "k", count: 10_000))\": x}".utf8))
        #expect(error.map { $0.location.path.utf8.count < 100 } == true)
    }

    @Test func `depth is limited in objects and arrays, read or skipped`() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let fits = String(repeating: open, count: 63) + "[]" + String(repeating: close, count: 63)
            #expect(scanError(Array(fits.utf8)) == nil)
            #expect(parseError(Array(fits.utf8)) == nil)
            let tooDeep = Array(String(repeating: open, count: 100_000).utf8)
            #expect(scanError(tooDeep)?.problem == .tooDeep(limit: 64))
            #expect(parseError(tooDeep)?.problem == .tooDeep(limit: 64))
        }
        #expect(scanError(Array("[[[1]]]".utf8), limits: JSONLimits(depth: 2))?.problem == .tooDeep(limit: 2))
    }

    @Test func `sizes are limited`() {
        let limits = JSONLimits(bytes: 64, stringBytes: 8)
        #expect(scanError(Array("\"12345678\"".utf8), limits: limits) == nil)
        #expect(scanError(Array("\"123456789\"".utf8), limits: limits)?.problem == .stringTooLong(limit: 8))
        #expect(scanError(Array("123456789".utf8), limits: limits)?.problem == .stringTooLong(limit: 8))
        #expect(scanError([UInt8](repeating: 0x20, count: 65), limits: limits)?.problem == .tooLong(limit: 64))
    }

    @Test func `an object with many names still refuses a doubled one`() {
        let names = (0..<200).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(parseError(Array("{\(names)}".utf8)) == nil)
        #expect(parseError(Array("{\(names),\"k150\":1}".utf8))?.problem == .duplicateKey("k150"))
        #expect(parseError(Array("{\(names),\"k3\":1}".utf8))?.problem == .duplicateKey("k3"))
    }
}
