/// Addresses: numbers apart from words, the usual abbreviations unified, words that every address has dropped.
enum AddressNormalisation {
    /// Most words, and most numbers, kept of a line.
    static let wordLimit = 8

    /// The normal form.
    static func normalise(_ address: PostalAddress) -> NormalisedRecord.Address {
        var result = NormalisedRecord.Address()
        if !address.line.isEmpty {
            for word in TextFolding.words(of: address.line) { add(word, to: &result) }
        }
        result.city = known(TextFolding.joined(address.city))
        result.district = known(TextFolding.joined(address.district))
        result.postalCode = postal(TextFolding.joined(address.postalCode))
        return result
    }

    private static func add(_ word: Word, to address: inout NormalisedRecord.Address) {
        if word.isNumber || (0x30...0x39).contains(word[0]) {
            guard address.numbers.count < wordLimit else { return }
            address.numbers.append(withoutLeadingZeros(word))
            return
        }
        guard address.words.count < wordLimit, !dropped.contains(word.hash) else { return }
        address.words.append(unified[word.hash] ?? word)
    }

    private static func withoutLeadingZeros(_ word: Word) -> Word {
        var result = Word()
        for index in 0..<word.count where !result.isEmpty || word[index] != 0x30 { result.append(word[index]) }
        return result.isEmpty ? word : result
    }

    private static func known(_ word: Word) -> Word { NamePlaceholder.contains(word) ? Word() : word }

    private static func postal(_ word: Word) -> Word {
        // `00000` and its like stand for "not known".
        for index in 0..<word.count where word[index] != 0x30 { return withoutLeadingZeros(word) }
        return Word()
    }

    private static let dropped: Set<UInt64> = Set(
        ["plot", "house", "no", "number", "hse", "apt", "apartment", "unit", "suite", "flat", "the", "of", "de"].map {
            Word($0.utf8).hash
        }
    )

    private static let unified: [UInt64: Word] = {
        let groups: [(Word, [Word])] = [
            ("st", ["street", "str", "stree", "strt"]), ("rd", ["road"]), ("ave", ["avenue", "av", "aven"]),
            ("dr", ["drive", "drv"]), ("ln", ["lane"]), ("ct", ["court"]), ("cir", ["circle", "circ"]),
            ("pl", ["place"]), ("blvd", ["boulevard", "boul", "bv"]), ("cres", ["crescent", "crst"]),
            ("pkwy", ["parkway"]), ("hwy", ["highway"]), ("ter", ["terrace"]), ("sq", ["square"]),
            ("n", ["north"]), ("s", ["south"]), ("e", ["east"]), ("w", ["west"]), ("ne", ["northeast"]),
            ("nw", ["northwest"]), ("se", ["southeast"]), ("sw", ["southwest"]),
            ("zn", ["zone"]), ("vlg", ["village", "vlge"]), ("est", ["estate"]), ("mt", ["mount"]),
        ]
        var table = [UInt64: Word]()
        for (canonical, variants) in groups {
            for variant in variants { table[variant.hash] = canonical }
        }
        return table
    }()
}
