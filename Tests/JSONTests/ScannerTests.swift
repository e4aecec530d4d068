import TestRandom
import JSON
import Testing

/// Reading in place: what is asked for comes out, what is not known is passed over.
@Suite struct ScannerTests {
    @Test func `a reader takes what it knows and skips the rest`() throws {
        let bytes = Array(
            #"{"id":"a\u0062c","x":{"y":[1,{"z":[]}]},"n":-12,"d":1.50,"ok":true,"gone":null,"list":["p","q"]}"#.utf8
        )
        var scanner = try JSONScanner(bytes.span.bytes)
        var id = ""
        var list: [String] = []
        var integer = 0
        var skipped: [String] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if scanner.key(key, is: "id") {
                id = scanner.text(try scanner.string())
            } else if scanner.key(key, is: "n") {
                integer = try scanner.integer()
            } else if scanner.key(key, is: "list") {
                try scanner.beginArray()
                while try scanner.nextElement() { list.append(scanner.text(try scanner.string())) }
            } else {
                skipped.append(scanner.text(try scanner.skipValue()))
            }
        }
        try scanner.finish()
        #expect(id == "abc")
        #expect(integer == -12)
        #expect(list == ["p", "q"])
        #expect(skipped == [#"{"y":[1,{"z":[]}]}"#, "1.50", "true", "null"])
    }

    @Test func `names match with their escapes resolved`() throws {
        let bytes = Array(#"{"\u0069d":1}"#.utf8)
        var scanner = try JSONScanner(bytes.span.bytes)
        try scanner.beginObject()
        let next = try scanner.nextKey()
        let key = try #require(next)
        let isID = scanner.key(key, is: "id")
        let isOther = scanner.key(key, is: "ie")
        #expect(isID && !isOther)
    }

    @Test func `a copy looks ahead without moving the original`() throws {
        let bytes = Array("[1,2]".utf8)
        let scanner = try JSONScanner(bytes.span.bytes)
        var ahead = scanner
        try ahead.skipValue()
        let positions = [scanner.position, ahead.position]
        #expect(positions == [0, 5])
    }

    @Test func `integers that do not fit are refused`() throws {
        for text in ["9223372036854775808", "-9223372036854775809", "1.0", "1e3"] {
            let bytes = Array(text.utf8)
            var scanner = try JSONScanner(bytes.span.bytes)
            do throws(JSONFault) {
                _ = try scanner.integer()
                Issue.record("\(text) passed")
            } catch {
                #expect(error.problem == .numberOutOfRange(expected: "an integer of 64 bits"))
            }
        }
        let bytes = Array("-9223372036854775808".utf8)
        var scanner = try JSONScanner(bytes.span.bytes)
        let least = try scanner.integer()
        #expect(least == Int.min)
    }

    /// The eight-byte scan against one that looks at a byte at a time, with the special byte at every place.
    @Test func `a string ends where the plain scan says`() throws {
        let specials = ["\"", "\\\"", "\\\\", "é", "😀", "!", "\u{7F}"].map { Array($0.utf8) }
        for prefix in 0..<20 {
            for special in specials {
                for suffix in 0..<20 {
                    let content =
                        [UInt8](repeating: 0x61, count: prefix) + special + [UInt8](repeating: 0x5B, count: suffix)
                    let text = [0x22] + content + [0x22, 0x20]
                    var scanner = try JSONScanner(text.span.bytes)
                    let slice = try scanner.string()
                    let end = plainEnd(of: text)
                    #expect(slice.offset == 1)
                    #expect(slice.length == end - 1)
                    #expect(slice.hasEscapes == text[1..<end].contains(0x5C))
                }
            }
        }
    }

    private func plainEnd(of text: [UInt8]) -> Int {
        var index = 1
        while text[index] != 0x22 { index += text[index] == 0x5C ? 2 : 1 }
        return index
    }

    @Test func `UTF-8 is judged as the standard library judges it`() {
        var random = SeededGenerator(seed: 8)
        let interesting: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<50_000 {
            let length = Int.random(in: 0...12, using: &random)
            let bytes = (0..<length).map { _ in interesting[Int.random(in: 0..<interesting.count, using: &random)] }
            let isValid = UTF8Check.firstFault(in: bytes.span.bytes) == nil
            #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }
}
