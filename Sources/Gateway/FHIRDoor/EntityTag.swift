/// Version tags (RFC 9110, section 8.8.3), always weak: `W/"3"`.
enum EntityTag {
    /// The tag of a version.
    static func text(_ version: UInt32) -> String { "W/\"\(version)\"" }

    /// The version that `If-Match` asks for.
    ///
    /// - Throws: a 400 where it is no tag of ours.
    static func expected(_ header: String) throws(DoorFault) -> UInt32 {
        guard let version = versions(header).first, versions(header).count == 1 else {
            throw .invalid("If-Match must be one version tag such as W/\"3\"", at: "If-Match")
        }
        return version
    }

    /// Whether `If-None-Match` names the version, or any.
    static func covers(_ header: String, _ version: UInt32) -> Bool {
        ContentNegotiation.trimmed(header[...]) == "*" || versions(header).contains(version)
    }

    private static func versions(_ header: String) -> [UInt32] {
        header.split(separator: ",").compactMap { part in
            var tag = ContentNegotiation.trimmed(part)
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
            return UInt32(tag.dropFirst().dropLast())
        }
    }
}
