internal import FHIR
internal import HL7v2

/// Writes answers in the version, the delimiters and the character set of what they answer.
struct AnswerWriter {
    let request: HL7Segment
    let characterSet: CharacterSet
    /// Milliseconds since 1970.
    let now: UInt64
    /// The control id of the answer.
    let controlID: String

    /// An acknowledgement.
    func acknowledgement(_ code: String, _ faults: [HL7Error]) -> [UInt8] {
        var message = begin(type: "ACK", trigger: request.text(9, 2), structure: "ACK")
        message.append(acknowledged(code, faults))
        for error in errors(faults) { message.append(error) }
        return message.encoded()
    }

    /// An answer to a query: MSA, ERR, QAK, QPD, and what was found.
    func response(
        trigger: String,
        structure: String,
        _ code: String,
        _ faults: [HL7Error],
        query: HL7Segment?,
        status: String,
        _ found: [HL7Segment]
    ) -> [UInt8] {
        var message = begin(type: "RSP", trigger: trigger, structure: structure)
        message.append(acknowledged(code, faults))
        for error in errors(faults) { message.append(error) }
        var state = segment("QAK")
        state.set(1, written: query?.raw(2) ?? "")
        state.set(2, status)
        message.append(state)
        if let query { message.append(query) }
        for one in found { message.append(one) }
        return message.encoded()
    }

    /// A segment with the delimiters of the answer.
    func segment(_ name: String) -> HL7Segment {
        HL7Segment(name, delimiters: request.delimiters, characterSet: characterSet)
    }

    private func begin(type: String, trigger: String, structure: String) -> HL7Message {
        var header = segment("MSH")
        for (from, to) in [(5, 3), (6, 4), (3, 5), (4, 6)] { header.set(to, request.field(from)) }
        header.set(7, AnswerWriter.stamp(now))
        var kind = trigger.isEmpty ? [type] : [type, trigger]
        if isAtLeast(2, 4), kind.count == 2 { kind.append(structure) }
        header.set(9, components: kind)
        header.set(10, controlID)
        header.set(11, written: request.isEmpty(11) ? "P" : request.raw(11))
        header.set(12, written: request.isEmpty(12) ? "2.5" : request.raw(12))
        header.set(18, written: request.raw(18))
        return HL7Message(header: header, characterSet: characterSet)
    }

    private func acknowledged(_ code: String, _ faults: [HL7Error]) -> HL7Segment {
        var result = segment("MSA")
        result.set(1, code)
        result.set(2, written: request.raw(10))
        // From 2.5 on ERR says it, and only ERR.
        if !isAtLeast(2, 5), let fault = faults.first { result.set(3, String(fault.reason.prefix(80))) }
        return result
    }

    private func errors(_ faults: [HL7Error]) -> [HL7Segment] {
        guard isAtLeast(2, 5) else {
            guard !faults.isEmpty else { return [] }
            var error = segment("ERR")
            error.set(1, HL7Field(faults.map(AnswerWriter.oldLocation)))
            return [error]
        }
        return faults.map { fault in
            var error = segment("ERR")
            error.set(2, components: fault.location.parts)
            error.set(3, components: [String(fault.code.rawValue), fault.code.text, "HL70357"])
            error.set(4, "E")
            error.set(8, fault.reason)
            return error
        }
    }

    /// ERR-1 of versions before 2.5: segment, sequence, field, and the code with its text as subcomponents.
    private static func oldLocation(_ fault: HL7Error) -> HL7Repetition {
        HL7Repetition([
            HL7Component(fault.location.segment), HL7Component(String(fault.location.sequence)),
            HL7Component(fault.location.field == 0 ? "" : String(fault.location.field)),
            HL7Component(subcomponents: [String(fault.code.rawValue), fault.code.text]),
        ])
    }

    private func isAtLeast(_ major: Int, _ minor: Int) -> Bool {
        let numbers = request.text(12).split(separator: ".").map { Int($0) ?? 0 }
        guard numbers.count > 1 else { return true }
        return (numbers[0], numbers[1]) >= (major, minor)
    }

    /// A time as HL7 v2 writes it, in UTC: `20260131120000+0000`.
    static func stamp(_ milliseconds: UInt64) -> String {
        let text = FHIRInstant(milliseconds: Int64(clamping: milliseconds)).description
        return text.prefix(19).filter { $0.isNumber } + "+0000"
    }
}
