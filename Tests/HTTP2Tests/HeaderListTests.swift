import HTTP2
import Testing

@Suite("HeaderList")
struct HeaderListTests {
    @Test("Names are lowered and found in any case")
    func lookup() {
        var list = HeaderList()
        list.add("Content-Type", "a")
        list.add("ETag", "b")
        list.add("etag", "c")
        #expect(list["content-TYPE"] == "a")
        #expect(list.values(of: "ETAG") == ["b", "c"])
        #expect(list[1].name == "etag")
        #expect(list["content-typ"] == nil)
        list.remove("Etag")
        #expect(list.count == 1)
        #expect(list["content-type"] == "a")
    }

    @Test("No value can end its line, no name can hold one")
    func splitting() {
        var list = HeaderList()
        list.add("x\r\ny: z", "a\r\nset-cookie: b\u{0}")
        #expect(list[0].name == "x__y__z")
        #expect(list[0].value == "a  set-cookie: b ")
    }

    @Test(
        "Numbers are decimal and bounded",
        arguments: [
            ("0", 0), ("42", 42), ("", nil), ("-1", nil), ("1a", nil), ("+1", nil), ("9999999999999999", nil),
        ] as [(String, Int?)]
    )
    func numbers(text: String, expected: Int?) {
        var list = HeaderList()
        list.add("content-length", text)
        #expect(list.integer("Content-Length") == expected)
    }
}
