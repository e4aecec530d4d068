import Demographics
import Testing

/// A word behaves like the first bytes of an array.
@Suite struct WordTests {
    @Test func keepsTheFirstBytes() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(97 + $0 % 26) }
            let word = Word(bytes)
            let kept = Array(bytes.prefix(Word.capacity))
            #expect(word.bytes == kept)
            #expect(word.count == kept.count)
            #expect(word.isEmpty == kept.isEmpty)
            for (index, byte) in kept.enumerated() { #expect(word[index] == byte) }
            #expect(word[kept.count] == 0)
            #expect(word[-1] == 0)
        }
    }

    @Test func joinsWordsUpToTheCapacity() {
        var word: Word = "mary"
        word.append("ann" as Word)
        #expect(word == "maryann")
        for _ in 0..<20 { word.append("xyz" as Word) }
        #expect(word.count == Word.capacity)
    }

    @Test func hashesDependOnEveryByte() {
        #expect(("john" as Word).hash != ("joan" as Word).hash)
        #expect(("john" as Word).hash == Word("john".utf8).hash)
        #expect(Word().hash != ("a" as Word).hash)
    }
}
