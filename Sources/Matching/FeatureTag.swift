/// What a text of a feature row is; the low two bits of the stored tag number the repetition.
enum FeatureTag: UInt8, CaseIterable {
    case given = 1, middle, family, identifier, phone, emailLocal, emailDomain, number, street, city, district, postal
    case mother, emailWhole

    /// One more than the largest stored tag.
    static let tableLength = 60

    /// The stored tag of a repetition, 0...3.
    @inline(__always)
    func stored(_ repetition: Int) -> Int { Int(rawValue) &<< 2 | repetition & 3 }

    /// Bytes before the text: the sound and the variant group of a name word, the authority of an identifier.
    @inline(__always)
    static func prefixLength(stored: Int) -> Int {
        switch stored &>> 2 {
        case 1, 2, 3, 4, 13: 4
        default: 0
        }
    }
}
