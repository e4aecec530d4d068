import JSON
import Testing

@testable import tessera

/// Explanations as people read them.
@Suite("Explain")
struct ExplainTests {
    static let answer = """
        {"samePerson":true,"rules":"00ff","text":"","explanation":{"outcome":"match","weight":12.5,"matchThreshold":9,
        "alternatives":[{"name":"stranger","prior":-20,"total":30,"decisive":false},
        {"name":"close_relative","prior":-10,"total":12.5,"decisive":true}],
        "fields":[{"field":"given_name","level":"swapped","weight":12.5,"weights":[1,12.5],"a":"amina","b":"okello"},
        {"field":"sex","level":"missing","weight":0,"weights":[0,0],"a":"f","b":""},
        {"field":"birth_date","level":"same","weight":10,"weights":[1,10],"a":"1980-01-02","b":"1980-01-02"}],
        "foundBy":["family+birth"],"wouldSuffice":[]},
        "a":{"source":"s","id":"1","golden":"G"},"b":{"source":"t","id":"2","golden":"G"}}
        """

    @Test("Each field is a step from what is believed before to the sum")
    func waterfall() throws {
        let lines = ExplainedPair(try JSONValue(parsing: Self.answer)).lines
        #expect(lines.first == "s|1 and t|2 are one person, G")
        #expect(lines.contains { $0.hasPrefix("before") && $0.contains("-10.0  -10.0  ░") })
        #expect(lines.contains { $0.hasPrefix("given name  swapped") && $0.contains("+12.5   +2.5  █") })
        #expect(lines.contains { $0.hasPrefix("sex         missing") && !$0.contains("█") })
        #expect(lines.contains("+12.5 bits against close relative: a match, +9.0 are needed"))
        #expect(lines.contains("found by family+birth"))
    }

    @Test("An answer without its parts is no trap", arguments: ["{}", "[]", #"{"explanation":{"fields":[{}]}}"#])
    func holes(text: String) throws {
        #expect(!ExplainedPair(try JSONValue(parsing: text)).lines.isEmpty)
    }

    @Test("Bars of one scale start where the one before ended")
    func bars() {
        let bars = WaterfallBars([-16, 0, 16])
        #expect(bars[0] == String(repeating: "░", count: 16))
        #expect(bars[1] == String(repeating: "█", count: 16))
        #expect(bars[2] == String(repeating: " ", count: 16) + String(repeating: "█", count: 16))
        #expect(WaterfallBars([0, 0])[1] == "|")
    }
}
