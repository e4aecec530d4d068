internal import JSON
public import OpenSSL

/// Whether a trail is what it was when it was written.
///
///     let report = AuditVerifier(key: nil).verify(directory: "/var/lib/tessera/audit")
///     report.isWhole, report.faults
public struct AuditVerifier: Sendable {
    /// What was found.
    public struct Report: Sendable, Hashable {
        /// Files that were read.
        public var files = 0
        /// Entries that are right.
        public var entries: UInt64 = 0
        /// The first of them.
        public var first: UInt64 = 0
        /// The last of them.
        public var last: UInt64 = 0
        /// The last entry the head tells of.
        ///
        /// Those behind it were not yet synced when they were read: that one of them was cut off cannot be seen.
        public var told: UInt64 = 0
        /// The hash of the last.
        public var hash = ""
        /// Checkpoints whose signatures were checked, the head among them.
        public var signatures = 0
        /// Everything that is wrong, with its file.
        public var faults: [String] = []
        /// What could not be checked.
        public var remarks: [String] = []

        /// Whether nothing is wrong.
        public var isWhole: Bool { faults.isEmpty }
    }

    private let key: PublicKey?
    /// The first entry that is still kept here.
    private let start: UInt64

    /// A verifier.
    ///
    /// - Parameters:
    ///   - key: that of whoever signed; without it signatures are not checked.
    ///   - start: the first entry that has to be there: 1, unless older files were put away.
    public init(key: PublicKey? = nil, start: UInt64 = 1) {
        self.key = key
        self.start = start
    }

    /// Checks all files of a trail and its head.
    public func verify(directory: String) -> Report {
        var report = Report()
        do throws(AuditError) {
            let files = try AuditFiles.all(in: directory)
            var end: (number: UInt64, hash: [UInt8])?
            let head = AuditFiles.head(in: directory)
            var isHeadMet = head?.number == 0
            for path in files {
                let bytes = try AuditFiles.read(path)
                var walk = AuditWalk(bytes)
                if let end, walk.fault == nil, walk.first != end.number + 1 || walk.previous != end.hash {
                    report.faults.append("\(path): does not go on where the file before ends (entry \(end.number))")
                }
                if end == nil { checkStart(walk, path, &report) }
                if AuditFiles.name(first: walk.first) != path.split(separator: "/").last.map(String.init) {
                    report.faults.append("\(path): its name is not that of its first entry, \(walk.first)")
                }
                if let head, walk.first == head.number + 1, walk.previous == head.hash { isHeadMet = true }
                check(&walk, path, &report) { if $0.number == head?.number, $0.hash == head?.hash { isHeadMet = true } }
                end = (walk.number, walk.hash)
            }
            check(head, isHeadMet, directory, isEmpty: files.isEmpty, &report)
        } catch {
            report.faults.append(error.detail)
        }
        return report
    }

    /// Checks one file for itself; what is before and behind it is not looked at.
    public func verify(file path: String) -> Report {
        var report = Report()
        do throws(AuditError) {
            var walk = AuditWalk(try AuditFiles.read(path))
            check(&walk, path, &report) { _ in }
            report.remarks.append("one file was checked for itself: whether it was cut only its directory can tell")
        } catch {
            report.faults.append(error.detail)
        }
        return report
    }

    private func checkStart(_ walk: AuditWalk, _ path: String, _ report: inout Report) {
        guard walk.fault == nil else { return }
        if walk.first != start {
            report.faults.append("\(path): the first entry is \(walk.first), it should be \(start)")
        } else if walk.first == 1, walk.previous != AuditLine.zero {
            report.faults.append("\(path): something was before the first entry")
        }
    }

    private func check(
        _ walk: inout AuditWalk,
        _ path: String,
        _ report: inout Report,
        _ visit: (AuditWalk.Entry) -> Void
    ) {
        report.files += 1
        if report.first == 0 { report.first = walk.first }
        while true {
            let before = (number: walk.number, hash: walk.hash)
            guard let entry = walk.next() else { break }
            report.entries += 1
            report.last = entry.number
            checkContent(entry, before, path, &report)
            visit(entry)
        }
        report.hash = Digest.hexadecimal(walk.hash)
        if let fault = walk.fault { report.faults.append("\(path): \(fault)") }
    }

    /// An entry is an event or a checkpoint, and a checkpoint tells the entry before it.
    private func checkContent(
        _ entry: AuditWalk.Entry,
        _ before: (number: UInt64, hash: [UInt8]),
        _ path: String,
        _ report: inout Report
    ) {
        guard let value = try? JSONValue(parsing: Array(entry.json).span.bytes) else {
            report.faults.append("\(path): entry \(entry.number) is not JSON")
            return
        }
        guard let text = value["checkpoint"]?.string else { return }
        guard let head = AuditHead(text.utf8), head.number == before.number, head.hash == before.hash else {
            report.faults.append("\(path): checkpoint \(entry.number) tells of other entries")
            return
        }
        checkSignature(head, "\(path): checkpoint \(entry.number)", &report)
    }

    private func check(
        _ head: AuditHead?,
        _ isMet: Bool,
        _ directory: String,
        isEmpty: Bool,
        _ report: inout Report
    ) {
        let path = "\(directory)/\(AuditHead.file)"
        guard let head else {
            report.faults.append("\(path): the head is missing or unreadable: whether the trail was cut is not known")
            return
        }
        report.told = head.number
        if head.number < report.last {
            report.remarks.append("the head does not yet tell of the last \(report.last - head.number) entries")
        }
        if !isMet {
            report.faults.append("\(path): entry \(head.number), with which the trail ended, is not there: it was cut")
        }
        if isEmpty, head.number == 0 { report.remarks.append("the trail is empty") }
        checkSignature(head, path, &report)
    }

    private func checkSignature(_ head: AuditHead, _ place: String, _ report: inout Report) {
        guard let key else {
            let remark = "signatures were not checked: name the public key"
            if !head.signature.isEmpty, !report.remarks.contains(remark) { report.remarks.append(remark) }
            return
        }
        let isRight = SignatureAlgorithm.allCases.contains { algorithm in
            algorithm.fits(key.kind) && key.verifies(head.signature, of: head.statement, algorithm)
        }
        if isRight {
            report.signatures += 1
        } else {
            report.faults.append("\(place): the signature is \(head.signature.isEmpty ? "missing" : "wrong")")
        }
    }
}
