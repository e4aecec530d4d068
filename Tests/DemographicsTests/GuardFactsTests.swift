import Bytes
import Demographics
import Testing

@Suite struct GuardFactsTests {
    private func read(_ bytes: [UInt8]) -> GuardFacts? {
        bytes.withUnsafeBytes { raw in
            var reader = ByteReader(raw)
            guard let facts = try? GuardFacts(from: &reader), reader.remaining == 0 else { return nil }
            return facts
        }
    }

    @Test func readBackAsWritten() {
        var facts = GuardFacts()
        facts.birthDate = 19_850_309
        facts.sex = 2
        facts.birthOrder = 1
        facts.givenName = 77
        facts.identifiers = [.init(authority: 1, value: 2), .init(authority: 1, value: 3)]
        var writer = ByteWriter()
        facts.encode(into: &writer)
        #expect(read(writer.bytes) == facts)
    }

    @Test func truncatedBytesAreRefused() {
        var writer = ByteWriter()
        GuardFacts().encode(into: &writer)
        for count in 0..<writer.bytes.count { #expect(read(Array(writer.bytes.prefix(count))) == nil) }
    }
}
