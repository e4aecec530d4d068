internal import OpenSSL

/// The end of a trail, told in a file of its own and signed where there is a key.
///
///     tessera-audit-head 1 NUMBER HASH TIME SIGNATURE|- DIGEST
///
/// The digest is SHA-256 of all before it, so that a slip of the disk is seen without any key.
/// It is written after every group of entries: a trail that was cut ends before its head says. A checkpoint within the
/// trail holds the same text.
struct AuditHead: Sendable, Hashable {
    static let file = "head"
    static let bytesMax = 1_024

    var number: UInt64
    var hash: [UInt8]
    /// Milliseconds since 1970.
    var time: UInt64
    /// Over `statement`; empty where there was no key.
    var signature: [UInt8] = []

    /// What is signed.
    var statement: [UInt8] {
        Array("tessera-audit-head 1 \(number) \(Digest.hexadecimal(hash)) \(time)".utf8)
    }

    var encoded: [UInt8] {
        let text = statement + Array(" \(signature.isEmpty ? "-" : Digest.hexadecimal(signature)) ".utf8)
        return text + Array(Digest.hexadecimal(Digest.sha256(text)).utf8)
    }

    mutating func sign(_ key: SigningKey) throws(AuditError) {
        do throws(OpenSSLError) {
            signature = try key.sign(statement)
        } catch {
            throw AuditError(.key, error.description)
        }
    }

    init(number: UInt64, hash: [UInt8], time: UInt64) {
        self.number = number
        self.hash = hash
        self.time = time
    }

    /// Reads what `encoded` wrote, with or without an end of line; `nil` where it is something else.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count <= Self.bytesMax else { return nil }
        var line = Array(bytes)[...]
        if line.last == AuditLine.newline { line.removeLast() }
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0].elementsEqual("tessera-audit-head".utf8), parts[1].elementsEqual("1".utf8),
            let number = AuditLine.number(parts[2]), let hash = AuditLine.digits(parts[3]),
            let time = AuditLine.number(parts[4]), let digest = AuditLine.digits(parts[6]),
            Digest.sha256(Array(line[..<parts[6].startIndex])) == digest
        else { return nil }
        self.init(number: number, hash: hash, time: time)
        if !parts[5].elementsEqual("-".utf8) {
            guard let signature = AuditLine.digits(parts[5], count: nil), !signature.isEmpty else { return nil }
            self.signature = signature
        }
    }
}
