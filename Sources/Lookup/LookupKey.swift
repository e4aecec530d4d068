import Bytes
public import Demographics
import Identifiers

/// The keys under which a record is found by what clients ask for: identifiers, phones, birth dates, names.
///
/// They are posted like blocking keys and independent of any rule set. A key only narrows: whoever looks up verifies
/// each record on its document, since different values may share a key.
public enum LookupKey {
    /// Tells these keys apart from blocking keys; stored in place of a rule's number.
    public static let rule: UInt8 = 0xFF
    /// Most keys of one record.
    public static let limit = 24
    /// Letters of a name that make its key: shorter beginnings find nothing by key.
    public static let prefix = 3
    /// What the first letter of a given name may be in a key: `a` to `z`, another one, none.
    public static let initials = 28

    /// Seeds of the kinds of keys; frozen, since stores hold the hashes.
    private enum Kind: UInt64 {
        case identifier = 0x6C6F_6F6B_0000_0001
        case contact = 0x6C6F_6F6B_0000_0002
        case date = 0x6C6F_6F6B_0000_0003
        case name = 0x6C6F_6F6B_0000_0004
        case given = 0x6C6F_6F6B_0000_0005
    }

    /// The key of an identifier's value, whatever its system.
    public static func identifier(_ value: String) -> UInt64 { KeyHash.hash(value, seed: Kind.identifier.rawValue) }

    /// The key of a phone number or an e-mail address; `nil` where it holds too little.
    public static func contact(_ value: String) -> UInt64? {
        let normal = contactForm(value)
        return normal.isEmpty ? nil : KeyHash.hash(normal, seed: Kind.contact.rawValue)
    }

    /// The key of a birth date, as exact as it is written: `1984`, `1984-01`, `1984-01-25`.
    public static func birthDate(_ date: String) -> UInt64? {
        let packed = PartialDate(date).packed
        return packed == 0 ? nil : KeyHash.mix(UInt64(packed) &+ Kind.date.rawValue &* 0x9E37_79B1_85EB_CA87)
    }

    /// The keys of names that begin with a family name and, where given, a given name.
    ///
    /// - Returns: `nil` where the beginning of the family name is too short for a key.
    public static func names(family: String, given: String?, isWhole: Bool) -> [UInt64]? {
        guard let beginning = beginning(of: family, isWhole: isWhole) else { return nil }
        if let given, let initial = initial(of: given) { return [name(beginning, initial)] }
        return (0..<initials).map { name(beginning, UInt8($0)) }
    }

    /// The key of given names that begin with a text; `nil` where it is too short.
    public static func given(_ text: String, isWhole: Bool) -> UInt64? {
        beginning(of: text, isWhole: isWhole).map { KeyHash.hash($0, seed: Kind.given.rawValue) }
    }

    /// All keys of a record: distinct, at most `limit`.
    public static func keys(of record: SourceRecord) -> [UInt64] {
        var keys: [UInt64] = []
        func add(_ key: UInt64?) {
            guard let key, keys.count < limit, !keys.contains(key) else { return }
            keys.append(key)
        }
        add(identifier(record.key.value))
        for identifier in record.identifiers.prefix(6) { add(self.identifier(identifier.value)) }
        for value in record.bareIdentifiers.prefix(2) { add(self.identifier(value)) }
        add(birthDate(record.birthDate))
        for name in record.names.prefix(3) {
            let family = letters(name.family).prefix(prefix)
            let given = (name.given + name.middle).prefix(3)
            if family.count > 0 {
                for one in given { add(self.name(Array(family), initial(of: one) ?? 0)) }
                if given.isEmpty { add(self.name(Array(family), 0)) }
            }
            for one in given {
                let letters = letters(one).prefix(prefix)
                if letters.count > 0 { add(KeyHash.hash(Array(letters), seed: Kind.given.rawValue)) }
            }
        }
        for contact in record.contacts.prefix(4) { add(self.contact(contact.value)) }
        return keys
    }

    /// The form in which phones and e-mail addresses are compared: letters small, of a number the last nine digits.
    public static func contactForm(_ value: String) -> String {
        guard !value.utf8.contains(UInt8(ascii: "@")) else {
            return value.lowercased().filter { !$0.isWhitespace }
        }
        let digits = value.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.count >= 5 else { return value.lowercased() }
        return String(decoding: digits.suffix(9), as: UTF8.self)
    }

    private static func name(_ beginning: [UInt8], _ initial: UInt8) -> UInt64 {
        KeyHash.hash(beginning + [initial], seed: Kind.name.rawValue)
    }

    private static func beginning(of text: String, isWhole: Bool) -> [UInt8]? {
        let letters = letters(text)
        guard letters.count >= prefix || (isWhole && !letters.isEmpty) else { return nil }
        return Array(letters.prefix(prefix))
    }

    /// 0 for none, 1 to 26 for a letter, 27 for anything else.
    private static func initial(of given: String) -> UInt8? {
        guard let first = letters(given).first else { return nil }
        let letter = UInt8(ascii: "a")...UInt8(ascii: "z")
        return letter.contains(first) ? first - UInt8(ascii: "a") + 1 : 27
    }

    /// The folded letters of a text without gaps.
    private static func letters(_ text: String) -> [UInt8] {
        let word = TextFolding.joined(text)
        return (0..<word.count).map { word[$0] }
    }
}
