/// Names of months as dates have them, whole or shortened to three letters and more.
///
/// English, French, Portuguese, Spanish, German, Dutch, Italian and Swahili; accents do not matter.
enum MonthName {
    private static let names: [[String]] = [
        ["january", "janvier", "janeiro", "januar", "januari", "enero", "gennaio"],
        ["february", "fevrier", "fevereiro", "februar", "februari", "febrero", "febbraio"],
        ["march", "mars", "marco", "marz", "marzo", "maart", "machi"],
        ["april", "avril", "abril", "aprile", "aprili"],
        ["may", "mai", "maio", "mayo", "mei", "maggio"],
        ["june", "juin", "junho", "juni", "junio", "giugno"],
        ["july", "juillet", "julho", "juli", "julio", "julai", "luglio"],
        ["august", "aout", "agosto", "augustus", "agosti"],
        ["september", "septembre", "setembro", "septiembre", "settembre", "septemba"],
        ["october", "octobre", "outubro", "oktober", "octubre", "ottobre", "oktoba"],
        ["november", "novembre", "novembro", "noviembre", "novemba"],
        ["december", "decembre", "dezembro", "dezember", "diciembre", "dicembre", "desemba"],
    ]

    /// Fewest letters of a shortened name.
    private static let shortest = 3
    /// Most bytes of a name: longer words need not be looked up.
    private static let longest = 16

    /// Bytes of the word that begins here; 0 where none does.
    static func length<Bytes: RandomAccessCollection>(_ bytes: Bytes, at index: Int) -> Int
    where Bytes.Element == UInt8, Bytes.Index == Int {
        var end = index
        while end < bytes.count, isLetter(bytes[end]) { end += 1 }
        return end - index
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return byte >= 0x80 || (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z"))
    }

    /// The month that a word names, from 1; 0 where it names none.
    static func month<Bytes: RandomAccessCollection>(_ bytes: Bytes, _ range: Range<Int>) -> Int
    where Bytes.Element == UInt8, Bytes.Index == Int {
        guard (shortest...longest).contains(range.count) else { return 0 }
        let word = TextFolding.joined(String(decoding: bytes[range], as: UTF8.self)).description
        guard word.count >= shortest else { return 0 }
        return (names.firstIndex { $0.contains { $0.hasPrefix(word) } } ?? -1) + 1
    }
}
