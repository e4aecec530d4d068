public import Demographics
public import Identifiers

/// 192 bits of a record that bound its score against another from above, kept in postings beside the record id.
///
/// The first word from the low bit: birth date (year less 1849 in 8 bits, month in 4, day in 5; 0 unknown), sex (2),
/// whether there is a phone, an e-mail address, a street, a place, a mother's name and whether the names are plain (a
/// bit each), digests of the sounds of given and family name (8 each) and of their groups of variants (3 each), letters
/// of the middle names in classes of 16.
///
/// The second and the third word hold given and family name in 5 bits a letter, and in their highest four bits the two
/// halves of a digest of the only identifier (0 none, 255 several).
///
/// Names are plain where one name has one given and one family name of up to 12 letters a to z; else their letters
/// and digests are 0, and nothing is known of them.
public struct Sketch: Sendable, Equatable {
    /// The bits as stored.
    public var bits: SketchBits

    /// Wraps stored bits.
    @inlinable
    public init(bits: SketchBits) { self.bits = bits }

    /// Condenses a record.
    public init(_ record: NormalisedRecord) {
        var head = Sketch.date(record.birthDate)
        head |= UInt64(record.sex.rawValue) &<< 17
        func note(_ fact: Bool, at bit: UInt64) { if fact { head |= 1 &<< bit } }
        note(!record.phones.isEmpty, at: 19)
        note(!record.emails.isEmpty, at: 20)
        note(record.addresses.contains { !$0.numbers.isEmpty || !$0.words.isEmpty }, at: 21)
        note(
            record.addresses.contains { !$0.city.isEmpty || !$0.district.isEmpty || !$0.postalCode.isEmpty },
            at: 22
        )
        note(!record.mother.isEmpty, at: 23)
        let identifier = UInt64(Sketch.digest(record.identifiers))
        var given = (identifier & 0x0F) &<< 60
        var family = (identifier &>> 4) &<< 60
        for name in record.names {
            for word in name.middle { head |= UInt64(Sketch.classes(word)) &<< 48 }
        }
        if let name = record.names.first, record.names.count == 1, let first = SketchName(name.given),
            let last = SketchName(name.family)
        {
            note(true, at: 24)
            head |= UInt64(first.sound) &<< 25 | UInt64(last.sound) &<< 33
            head |= UInt64(first.variants) &<< 41 | UInt64(last.variants) &<< 44
            given |= first.letters
            family |= last.letters
        }
        bits = SketchBits(head, given, family)
    }

    private static func date(_ date: PartialDate) -> UInt64 {
        guard date.packed != 0, (1_850...2_104).contains(date.year), date.month < 16, date.day < 32 else { return 0 }
        return UInt64(date.year - 1_849) | UInt64(date.month) &<< 8 | UInt64(date.day) &<< 12
    }

    private static let severalIdentifiers: UInt8 = 255

    /// 0 for no value, `severalIdentifiers` for more than one, else a number between that depends on the value.
    private static func digest(_ identifiers: [NormalisedRecord.Identifier]) -> UInt8 {
        guard let first = identifiers.first else { return 0 }
        return identifiers.count > 1
            ? severalIdentifiers : UInt8(1 + first.value.hash % UInt64(severalIdentifiers - 1))
    }

    /// The set of a word's bytes in classes of 16.
    static func classes(_ word: Word) -> UInt16 {
        var set: UInt16 = 0
        for index in 0..<word.count { set |= 1 &<< UInt16(word[index] & 0x0F) }
        return set
    }

    private var head: UInt64 { bits.words.first }

    /// The birth date, packed; 0 where unknown or not representable.
    var date: UInt32 {
        let year = UInt32(truncatingIfNeeded: head & 0xFF)
        guard year != 0 else { return 0 }
        return (year &+ 1_849) &* 10_000 &+ UInt32(truncatingIfNeeded: head &>> 8 & 0x0F) &* 100
            &+ UInt32(truncatingIfNeeded: head &>> 12 & 0x1F)
    }
    var sex: UInt8 { UInt8(truncatingIfNeeded: head &>> 17 & 3) }
    var hasPhone: Bool { head & 1 &<< 19 != 0 }
    var hasEmail: Bool { head & 1 &<< 20 != 0 }
    var hasStreet: Bool { head & 1 &<< 21 != 0 }
    var hasPlace: Bool { head & 1 &<< 22 != 0 }
    var hasMother: Bool { head & 1 &<< 23 != 0 }
    /// Letters of the middle names; empty where there are none.
    var middle: UInt16 { UInt16(truncatingIfNeeded: head &>> 48) }
    /// The given name where the names are plain.
    var given: SketchName? { name(bits.words.second, sound: 25, variants: 41) }
    /// The family name where the names are plain.
    var family: SketchName? { name(bits.words.third, sound: 33, variants: 44) }

    private func name(_ word: UInt64, sound: UInt64, variants: UInt64) -> SketchName? {
        guard head & 1 &<< 24 != 0 else { return nil }
        return SketchName(
            letters: word,
            sound: UInt8(truncatingIfNeeded: head &>> sound),
            variants: UInt8(truncatingIfNeeded: head &>> variants & 0x07)
        )
    }

    private var identifier: UInt8 {
        UInt8(truncatingIfNeeded: bits.words.second &>> 60 | (bits.words.third &>> 60) &<< 4)
    }
    var hasIdentifier: Bool { identifier != 0 }

    /// True where both have one identifier and the two cannot be equal.
    func identifierDiffers(_ other: Sketch) -> Bool {
        let (left, right) = (identifier, other.identifier)
        return left != 0 && right != 0 && left != Sketch.severalIdentifiers && right != Sketch.severalIdentifiers
            && left != right
    }
}
