import Demographics
import Testing

@Suite struct NameSoundTests {
    @Test(arguments: [
        ("catherine", "katherine"), ("philip", "filip"), ("mohammed", "mohamed"), ("zaituni", "saituni"),
        ("wafula", "wavula"), ("smith", "smyth"), ("hassan", "hasan"), ("said", "saeed"), ("dhaka", "daka"),
    ])
    func spellingsSoundAlike(first: String, second: String) {
        #expect(NameSound.code(Word(first.utf8)) == NameSound.code(Word(second.utf8)))
    }

    @Test(arguments: [("john", "mary"), ("okello", "otieno"), ("anna", "hanna"), ("robert", "rupert2")])
    func differentNamesSoundDifferent(first: String, second: String) {
        #expect(NameSound.code(Word(first.utf8)) != NameSound.code(Word(second.utf8)))
    }

    @Test func emptySoundsLikeNothing() {
        #expect(NameSound.code(Word()) == 0)
        #expect(NameSound.initial(Word()) == 0)
        #expect(NameSound.initial("cathy") == NameSound.initial("kathy"))
    }
}
