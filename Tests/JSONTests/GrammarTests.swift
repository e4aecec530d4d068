import JSON
import Testing

/// RFC 8259, section by section: what must be accepted and what must not.
@Suite struct GrammarTests {
    static let accepted: [String] = [
        // 2: white space and structure
        "null", " null", "null ", "\t\r\n null \t\r\n", "{}", "[]", "{ }", "[ ]", "[[]]", "[{}]", "{\"a\":{}}",
        "[1,2]", "[ 1 , 2 ]", "{\"a\":1,\"b\":2}", "{ \"a\" : 1 , \"b\" : 2 }", "[[[[[[[[]]]]]]]]",
        "[1,[2,[3,[4]]],5]", "{\"a\":[{\"b\":[{}]}]}", "\u{FEFF}{}",
        // 3: values
        "true", "false", "\"\"", "0", "[true,false,null]", "[null]", "[\"\"]",
        // 4: names may be empty and hold anything a string may
        "{\"\":0}", "{\"a b\":0}", "{\"\\u0061\":0}", "{\"é\":0}",
        // 6: numbers
        "-0", "0.0", "-0.0", "1", "10", "1234567890123456789012345678901234567890", "1.5", "-1.5", "1e5", "1E5",
        "1e+5", "1e-5", "1.5e5", "0e0", "0E+0", "123.456e-789", "1e400", "[0]", "[-1]", "[1.0,2]", "{\"a\":1e3}",
        // 7: strings
        "\"a\"", "\" \"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0000\"",
        "\"\\u00e9\"", "\"\\u00E9\"", "\"\\uD83D\\uDE00\"", "\"\\ud83d\\ude00\"", "\"é\"", "\"日本\"", "\"😀\"",
        "\"\u{7F}\"", "\"\u{80}\"", "\"\u{7FF}\"", "\"\u{800}\"", "\"\u{FFFF}\"", "\"\u{10000}\"", "\"\u{10FFFF}\"",
        "\"12345678\"", "\"1234567\\n\"", "\"123456789é\"", "\"a\u{2028}b\u{2029}\"", "\"\\uFFFF\"", "\"[1,2\"",
    ]

    static let rejected: [String] = [
        // nothing, and too much
        "", " ", "\n", "null null", "1 2", "{} {}", "[] ]", "{}}", "nullx", "true,", "\"a\" \"b\"", "1,", "{},",
        // structure
        "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,]", "[,1]", "[1,,2]", "[1 2]", "[\"a\" \"b\"]", "[1;2]", "[1:2]",
        "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\" 1}", "{\"a\":1,", "{\"a\":1,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}", "{a:1}", "{1:1}", "{null:1}", "{\"a\"::1}", "{\"a\",1}", "{[]:1}", "[}", "{]", "[1}",
        "{\"a\":1]", "[[]", "[]]", "{\"a\":[}", "(1)", "'a'", "[1]#", "/* */1", "// \n1", "<a/>",
        // white space that JSON does not know
        "\u{B}1", "\u{C}1", "\u{A0}1", "[1\u{2028}]", "1\u{0}", "\u{0}",
        // literals
        "nul", "Null", "NULL", "tru", "True", "truee", "falsey", "nil", "none", "undefined", "NaN", "Infinity",
        "-Infinity",
        "[nan]", "t", "f", "n", "true1", "null_",
        // numbers
        "-", "+", "+1", "--1", "-a", "01", "-01", "00", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1e1.5", "1.2.3",
        "0x10", "1_000", "1a", "1-", "1+1", "[01]", "[1.]", "[-]", "1ee5", "0b1", "１",
        // strings
        "\"", "\"a", "\"a\\", "\"\\\"", "\"\\a\"", "\"\\'\"", "\"\\x41\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"",
        "\"\\u12\"",
        "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"", "\"\\u00", "\"\\0\"", "\"\\\n\"", "\"\n\"", "\"\t\"", "\"\u{0}\"",
        "\"\u{1F}\"", "\"12345678\u{1}\"", "a", "a\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800a\"", "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\\ud800\"", "\"\\ud800\\u\"", "\"\\ud800\\udc0\"",
    ]

    static let notUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
        [0xFF],
        [0xFF, 0xFE], [0xC3, 0xC3, 0xA9], [0xE2, 0x28, 0xA1], [0xF0, 0x28, 0x8C, 0xBC], [0xE9],
    ]

    @Test(arguments: accepted) func `a JSON text is accepted`(text: String) throws {
        try scan(Array(text.utf8))
        _ = try JSONValue(parsing: text)
    }

    @Test(arguments: rejected) func `what is not JSON is refused`(text: String) {
        #expect(scanError(Array(text.utf8)) != nil)
        #expect(parseError(Array(text.utf8)) != nil)
    }

    @Test(arguments: notUTF8) func `bytes that are not UTF-8 are refused wherever they stand`(fault: [UInt8]) {
        for padding in 0...9 {
            let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + fault + [0x22]
            let error = scanError(text)
            #expect(error?.problem == .invalidUTF8)
            #expect(error.map { $0.offset >= 1 + padding && $0.offset < 1 + padding + fault.count } == true)
            let outside = fault + Array("1".utf8)
            #expect(scanError(outside) != nil)
        }
    }

    @Test func `building and skipping refuse the same texts for the same reason`() {
        for text in Self.rejected {
            #expect(scanError(Array(text.utf8)) == parseError(Array(text.utf8)), "\(text)")
        }
    }

    @Test func `every prefix of a text is refused and nothing traps`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00é",true,false,null,{"b":{}}],"c":""}"#.utf8)
        for length in 0..<text.count {
            #expect(scanError(Array(text.prefix(length))) != nil)
            #expect(parseError(Array(text.prefix(length))) != nil)
        }
        #expect(scanError(text) == nil)
    }
}
