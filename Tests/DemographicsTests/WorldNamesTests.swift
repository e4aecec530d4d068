import Identifiers
import Testing

@testable import Demographics

/// Names, letters and numbers of many places.
@Suite("Names of the world")
struct WorldNamesTests {
    @Test(
        "Letters of other scripts meet their romanisation",
        arguments: [
            ("ተስፋዬ", "tesfaye"), ("Иванов", "ivanov"), ("Παπαδόπουλος", "papadopoylos"), ("محمد", "mhmd"),
            ("राम", "ram"), ("Müller", "muller"), ("Õnne", "onne"), ("N’Diaye", "ndiaye"), ("東京", "東京"),
        ]
    )
    func letters(text: String, latin: String) { #expect(TextFolding.joined(text).description == latin) }

    @Test(
        "Names that sound alike have one code",
        arguments: [
            ("djibril", "jibril"), ("tchuente", "chuente"), ("agnes", "anes"), ("mohamed", "muhammad"),
            ("dzimba", "zimba"),
            ("tigist", "tegest"), ("khadija", "kadidja"), ("ngozi", "ngosi"), ("philipe", "filipe"), ("cheikh", "chek"),
        ]
    )
    func sounds(first: String, second: String) {
        #expect(NameSound.code(Word(first.utf8)) == NameSound.code(Word(second.utf8)))
    }

    @Test(
        "Names that sound apart keep codes of their own",
        arguments: [
            ("mary", "martha"), ("otieno", "odongo"), ("abebe", "alemu"), ("jose", "juan"), ("sita", "gita"),
        ]
    )
    func differences(first: String, second: String) {
        #expect(NameSound.code(Word(first.utf8)) != NameSound.code(Word(second.utf8)))
    }

    @Test("Particles are told from names")
    func particles() {
        func telling(_ text: String) -> [String] {
            NameParticles.telling(TextFolding.words(of: text)).map(\.description)
        }
        #expect(telling("al-Rashid") == ["rashid"])
        #expect(telling("van der Berg") == ["berg"])
        #expect(telling("de la Cruz Mendez") == ["cruz", "mendez"])
        #expect(telling("wa Thiong'o") == ["thiongo"])
        #expect(telling("Singh") == ["singh"])
        #expect(telling("bin al") == ["bin", "al"])
        #expect(telling("") == [])
    }

    @Test(
        "Check digits",
        arguments: [
            ("8001015009087", IdentifierChecksum.Scheme.southAfrica, true), ("8001015009086", .southAfrica, false),
            ("11144477735", .cpf, true), ("11144477734", .cpf, false), ("12345678z", .dni, true),
            ("12345678a", .dni, false),
            ("x1234567l", .dni, true), ("9434765919", .nhs, true), ("9434765918", .nhs, false),
            ("234123412346", .aadhaar, true), ("234123412347", .aadhaar, false), ("255081416802538", .nir, true),
            ("255081416802539", .nir, false), ("", .dni, false), ("abc", .cpf, false),
        ]
    )
    func checksums(value: String, scheme: IdentifierChecksum.Scheme, valid: Bool) {
        #expect(IdentifierChecksum.isValid(Word(value.utf8), scheme) == valid)
    }

    @Test("One wrong digit and most swaps fail the check of Luhn and Verhoeff", arguments: 1...3 as ClosedRange<UInt64>)
    func errors(seed: UInt64) {
        var state = seed
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<200 {
            let digits = (0..<11).map { _ in random(10) }
            for check in [IdentifierChecksum.luhn, IdentifierChecksum.verhoeff] {
                let valid = (0..<10).map { digits + [$0] }.filter(check)
                #expect(valid.count == 1)
                guard var wrong = valid.first else { continue }
                let place = random(12)
                wrong[place] = (wrong[place] + 1 + random(9)) % 10
                #expect(!check(wrong))
            }
        }
    }

    @Test("A number that fails its check tells nobody apart")
    func invalid() {
        func kind(_ value: String, _ system: String) -> IdentifierKind? {
            IdentifierNormalisation.normalise(PatientIdentifier(system: system, value: value, type: "NI"))?.kind
        }
        #expect(kind("234123412346", "https://uidai.example/aadhaar") == .national)
        #expect(kind("234123412347", "https://uidai.example/aadhaar") == .document)
        #expect(kind("CM90012345ABCD", "urn:nin") == .national)
        #expect(IdentifierChecksum.scheme(ofSystem: "https://fhir.nhs.uk/Id/nhs-number") == .nhs)
        #expect(IdentifierChecksum.scheme(ofSystem: "urn:x:RSAID") == .southAfrica)
        #expect(IdentifierChecksum.scheme(ofSystem: "https://denial.example/ids") == nil)
    }

    @Test(
        "Values that stand for nothing are none",
        arguments: [
            "999-99-9999", "12121212", "123123123", "unknown", "0000", "987654321", "n/a",
        ]
    )
    func placeholders(value: String) {
        #expect(IdentifierNormalisation.normalise(PatientIdentifier(system: "urn:x", value: value)) == nil)
    }
}
