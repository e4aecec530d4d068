/// How an English word sounds, in consonants (Philips, "Hanging on the Metaphone", Computer Language 7 (12), 1990).
enum Metaphone {
    /// Longest code.
    private static let length = 4

    /// The code of a text: that of its letters; empty where it has none.
    static func code(_ text: String) -> String {
        let bytes = text.uppercased().utf8.filter { (0x41...0x5A).contains($0) }
        var word = Sound(bytes.map { Character(UnicodeScalar($0)) })
        return word.code(length)
    }

    /// A word that is read from the front.
    private struct Sound {
        private var letters: [Character]
        private var result = ""

        init(_ letters: [Character]) { self.letters = letters }

        private func at(_ index: Int) -> Character { letters.indices.contains(index) ? letters[index] : " " }

        private func isVowel(_ index: Int) -> Bool { "AEIOU".contains(at(index)) }

        private func isFront(_ index: Int) -> Bool { "EIY".contains(at(index)) }

        mutating func code(_ length: Int) -> String {
            guard !letters.isEmpty else { return "" }
            if ["AE", "GN", "KN", "PN", "WR"].contains("\(at(0))\(at(1))") { letters.removeFirst() }
            if at(0) == "X" { letters[0] = "S" }
            if at(0) == "W", at(1) == "H" { letters.remove(at: 1) }
            var index = 0
            while index < letters.count, result.count < length {
                let isDouble = index > 0 && at(index) == at(index - 1) && at(index) != "C"
                index += isDouble ? 1 : read(index)
            }
            return String(result.prefix(length))
        }

        /// Adds the sound of a letter.
        ///
        /// - Returns: how many letters it took.
        private mutating func read(_ index: Int) -> Int {
            let next = at(index + 1)
            switch at(index) {
            case "A", "E", "I", "O", "U": if index == 0 { result.append(at(0)) }
            case "B": if !(at(index - 1) == "M" && index == letters.count - 1) { result += "B" }
            case "C": return readC(index)
            case "D":
                if next == "G", isFront(index + 2) {
                    result += "J"
                    return 2
                }
                result += "T"
            case "G": return readG(index)
            case "H": if isVowel(index + 1), !"CSPTG".contains(at(index - 1)) { result += "H" }
            case "K": if at(index - 1) != "C" { result += "K" }
            case "P":
                result += next == "H" ? "F" : "P"
                return next == "H" ? 2 : 1
            case "Q": result += "K"
            case "S": return readS(index)
            case "T": return readT(index)
            case "V": result += "F"
            case "W", "Y": if isVowel(index + 1) { result.append(at(index)) }
            case "X": result += "KS"
            case "Z": result += "S"
            default: result.append(at(index))
            }
            return 1
        }

        private mutating func readC(_ index: Int) -> Int {
            if at(index + 1) == "I", at(index + 2) == "A" {
                result += "X"
                return 3
            }
            if at(index + 1) == "H" {
                result += index == 0 && !isVowel(2) || at(index - 1) == "S" ? "K" : "X"
                return 2
            }
            if isFront(index + 1) {
                if at(index - 1) != "S" { result += "S" }
            } else {
                result += "K"
            }
            return 1
        }

        private mutating func readG(_ index: Int) -> Int {
            if at(index + 1) == "H" {
                if isVowel(index + 2) { result += "K" }
                return 2
            }
            if at(index + 1) == "N", index + 2 >= letters.count || (at(index + 2) == "E" && at(index + 3) == "D") {
                return 1
            }
            result += isFront(index + 1) && at(index - 1) != "G" ? "J" : "K"
            return 1
        }

        private mutating func readS(_ index: Int) -> Int {
            if at(index + 1) == "H" {
                result += "X"
                return 2
            }
            if at(index + 1) == "I", "AO".contains(at(index + 2)) {
                result += "X"
                return 3
            }
            result += "S"
            return 1
        }

        private mutating func readT(_ index: Int) -> Int {
            if at(index + 1) == "I", "AO".contains(at(index + 2)) {
                result += "X"
                return 3
            }
            if at(index + 1) == "H" {
                result += "0"
                return 2
            }
            if !(at(index + 1) == "C" && at(index + 2) == "H") { result += "T" }
            return 1
        }
    }
}
