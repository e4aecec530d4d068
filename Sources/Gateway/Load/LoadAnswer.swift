internal import Coordinator
internal import FHIR
internal import Identifiers
internal import JSON

/// Writes the results of a piece, a line each.
enum LoadAnswer {
    /// The lines for a piece and what became of its submissions.
    static func lines(_ piece: LoadPiece, _ outcomes: [SubmissionOutcome]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.entries.count * 192)
        var next = 0
        for entry in piece.entries {
            var writer = JSONWriter(capacity: 192)
            writer.beginObject()
            writer.member("line", number: entry.line)
            if let number = entry.entry { writer.member("entry", number: number) }
            if let fault = entry.fault {
                write(fault, to: &writer)
            } else if next < outcomes.count {
                write(outcomes[next], to: &writer)
                next += 1
            } else {
                write(.busy("no answer from the registry", after: 1), to: &writer)
            }
            writer.endObject()
            bytes.append(contentsOf: writer.bytes)
            bytes.append(0x0A)
        }
        return bytes
    }

    private static func write(_ outcome: SubmissionOutcome, to writer: inout JSONWriter) {
        switch outcome {
        case .stored(let stored):
            writer.member("source", stored.key.source)
            writer.member("id", stored.key.value)
            writer.member("golden", stored.golden.description)
            writer.member("version", number: stored.version)
            writer.member("created", flag: stored.created)
        case .held(let held):
            writer.member("source", held.key.source)
            writer.member("id", held.key.value)
            writer.member("golden", held.golden.description)
            writer.member("version", number: held.version)
            writer.member("held", flag: true)
        case .waiting(let waiting):
            writer.member("source", waiting.key.source)
            writer.member("id", waiting.key.value)
            writer.member("created", flag: true)
            writer.member("unsearched", flag: true)
        case .removed(let key, let version):
            writer.member("source", key.source)
            writer.member("id", key.value)
            writer.member("version", number: version)
            writer.member("removed", flag: true)
        case .refused(let refusal): write(DoorFault(refusal), to: &writer)
        case .unavailable(let reason, let seconds): write(.busy(reason, after: seconds), to: &writer)
        }
    }

    private static func write(_ fault: DoorFault, to writer: inout JSONWriter) {
        if fault.retryAfter != nil { writer.member("retry", flag: true) }
        writer.key("error")
        writer.beginObject()
        writer.member("code", fault.code.rawValue)
        writer.member("field", fault.expression)
        writer.member("message", fault.message)
        writer.endObject()
    }
}
