/// What happens to words between a mouth and a keyboard.
enum Spelling {
    private static let sounds: [(String, String)] = [
        ("ph", "f"), ("c", "k"), ("k", "c"), ("s", "z"), ("z", "s"), ("i", "y"), ("y", "i"), ("l", "r"), ("r", "l"),
        ("b", "p"), ("d", "t"), ("g", "j"), ("j", "g"), ("u", "w"), ("w", "u"), ("e", "i"), ("o", "u"), ("a", "e"),
        ("tt", "t"), ("ss", "s"), ("nn", "n"), ("aa", "a"), ("oo", "u"), ("ee", "i"), ("th", "t"), ("h", ""),
        ("ch", "c"), ("sh", "s"), ("ng", "n"), ("mw", "m"),
    ]
    private static let near: [String] = [
        "qwsz", "vghn", "xdfv", "erfcxs", "wsdr", "rtgvcd", "tyhbvf", "yujnbg", "ujko", "uikmnh", "iolmj", "opk",
        "njk", "bhjm", "iklp", "ol", "wa", "edft", "wedxza", "rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx",
    ]

    /// A word with one or two slips: a sound misheard, a neighbouring key, a letter doubled, dropped or swapped.
    static func misspelt(_ word: String, _ random: inout SeededRandom) -> String {
        var result = slip(word, &random)
        if random.chance(180) { result = slip(result, &random) }
        return result
    }

    private static func slip(_ word: String, _ random: inout SeededRandom) -> String {
        guard word.utf8.count > 2 else { return word }
        if random.chance(400), let heard = misheard(word, &random) { return heard }
        var letters = Array(word.unicodeScalars)
        // The first letter is seldom wrong.
        let place = 1 + random.below(letters.count - 1)
        switch random.below(4) {
        case 0: letters.remove(at: place)
        case 1: letters.insert(letters[place], at: place)
        case 2 where place + 1 < letters.count: letters.swapAt(place, place + 1)
        default: letters[place] = neighbour(letters[place], &random)
        }
        return String(String.UnicodeScalarView(letters))
    }

    private static func misheard(_ word: String, _ random: inout SeededRandom) -> String? {
        let start = random.below(sounds.count)
        for offset in 0..<sounds.count {
            let (from, to) = sounds[(start + offset) % sounds.count]
            guard let range = word.dropFirst().firstRange(of: from) else { continue }
            return word.replacingCharacters(in: range, with: to)
        }
        return nil
    }

    private static func neighbour(_ letter: Unicode.Scalar, _ random: inout SeededRandom) -> Unicode.Scalar {
        guard letter.value >= 97, letter.value <= 122 else { return letter == " " ? "-" : "e" }
        let keys = Array(near[Int(letter.value) - 97].unicodeScalars)
        return keys[random.below(keys.count)]
    }

    /// Digits with one wrong or two swapped.
    static func mistyped(_ digits: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(digits.utf8)
        let places = bytes.indices.filter { bytes[$0] >= 48 && bytes[$0] <= 57 }
        guard places.count > 1 else { return digits }
        let index = random.below(places.count - 1)
        if random.chance(400) {
            bytes.swapAt(places[index], places[index + 1])
        } else {
            bytes[places[index]] = 48 + (bytes[places[index]] - 48 + 1 + UInt8(random.below(9))) % 10
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A text for an e-mail address: letters without marks, nothing that needs quoting.
    static func ascii(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                if scalar != " " && scalar != "'" { result.unicodeScalars.append(scalar) }
            } else if let plain = plain[scalar] {
                result.unicodeScalars.append(plain)
            }
        }
        return result
    }

    private static let plain: [Unicode.Scalar: Unicode.Scalar] = [
        "é": "e", "è": "e", "ê": "e", "É": "E", "ï": "i", "í": "i", "ç": "c", "ã": "a", "á": "a", "â": "a", "à": "a",
        "ó": "o", "ô": "o", "ọ": "o", "ẹ": "e", "ú": "u", "ü": "u", "Ṣ": "S", "ṣ": "s", "ñ": "n", "ë": "e", "Á": "A",
    ]
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
