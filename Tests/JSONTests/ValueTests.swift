import TestRandom
import Foundation
import JSON
import Testing

/// Values in memory: read, changed, written, and the same again.
@Suite struct ValueTests {
    @Test func `a value is read by name and index`() throws {
        let value = try JSONValue(parsing: #"{"a":[1,{"b":"x"}],"t":true,"d":2.5,"n":null}"#)
        #expect(value["a"]?[0]?.integer == 1)
        #expect(value["a"]?[1]?["b"]?.string == "x")
        #expect(value["t"]?.boolean == true)
        #expect(value["d"]?.double == 2.5)
        #expect(value["n"] == .null)
        #expect(value["a"]?[2] == nil)
        #expect(value["missing"] == nil)
        #expect(value["a"]?["b"] == nil)
    }

    @Test func `an object keeps its order and changes in place`() {
        var object: JSONObject = ["z": 1, "a": 2]
        object["m"] = 3
        object["z"] = 9
        object["a"] = nil
        #expect(JSONValue.object(object).serialised() == Array(#"{"z":9,"m":3}"#.utf8))
    }

    @Test func `numbers keep the form in which they were written`() throws {
        let text = "[1.10,1e400,-0,12345678901234567890]"
        #expect(try JSONValue(parsing: text).serialised() == Array(text.utf8))
        #expect(try JSONValue(parsing: "1e400").double == nil)
    }

    @Test func `strings are written with the escapes they need and no others`() {
        let value: JSONValue = .string("\" \\ / \u{8}\u{C}\n\r\t\u{0}\u{1F} é 😀 \u{7F}\u{2028}")
        let expected = "\"\\\" \\\\ / \\b\\f\\n\\r\\t\\u0000\\u001f é 😀 \u{7F}\u{2028}\""
        #expect(String(decoding: value.serialised(), as: UTF8.self) == expected)
    }

    @Test func `pretty output is indented by two spaces`() {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": [], "d": ["e": nil]]
        let expected = """
            {
              "a": [
                1,
                2
              ],
              "b": {},
              "c": [],
              "d": {
                "e": null
              }
            }
            """
        #expect(String(decoding: value.serialised(pretty: true), as: UTF8.self) == expected)
    }

    @Test func `a writer takes finished JSON as it is`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.raw(Array(#"{"kept": 1}"#.utf8))
        writer.integer(-7)
        writer.double(0.5)
        writer.boolean(false)
        writer.endArray()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"[{"kept": 1},-7,0.5,false]"#)
    }

    @Test(arguments: 0..<200) func `what is written is read back the same`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = randomValue(depth: 5, using: &random)
        for pretty in [false, true] {
            let bytes = value.serialised(pretty: pretty)
            #expect(try JSONValue(parsing: bytes.span.bytes) == value)
            #expect(throws: Never.self) {
                try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            }
        }
    }

    /// Foundation as the twin.
    ///
    /// No exponents are inserted: Foundation refuses numbers that no `Double` can hold.
    @Test(arguments: 0..<200) func `nothing is accepted that Foundation refuses`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000_000)
        let alphabet = Array("{}[]\",:\\u0123456789.+- tfn\u{1F}\u{80}é".utf8)
        for _ in 0..<20 {
            var bytes = randomValue(depth: 3, using: &random).serialised()
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = byte
                case 1: bytes.insert(byte, at: index)
                default: bytes.remove(at: index)
                }
            }
            #expect((scanError(bytes) == nil) || parseError(bytes) != nil)
            guard parseError(bytes) == nil else { continue }
            #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self))") {
                try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            }
        }
    }

    private func randomValue(depth: Int, using random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .boolean(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int.random(in: -1_000_000...1_000_000, using: &random)))
        case 3: return .number(JSONNumber(Double.random(in: -1e6...1e6, using: &random)))
        case 4: return .string(randomText(using: &random))
        case 5, 6:
            let count = Int.random(in: 0...4, using: &random)
            return .array((0..<count).map { _ in randomValue(depth: depth - 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[randomText(using: &random)] = randomValue(depth: depth - 1, using: &random)
            }
            return .object(object)
        }
    }

    private func randomText(using random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "bc", "Nakato", "é", "Ñ", "日", "😀", "\"", "\\", "/", "\n", "\u{0}", "\u{1F}", " ", "\u{7F}", "١",
        ]
        let count = Int.random(in: 0...12, using: &random)
        return (0..<count).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
    }
}
