import JSON

extension JSONScanner {
    /// A refusal of the value that begins at `offset`.
    func refuse(_ code: IssueCode, _ reason: String, at offset: Int) -> JSONFault {
        fail(.refused(kind: code.rawValue, reason: reason), at: offset)
    }

    /// Reads a FHIR string: bounded, and without the control characters that FHIR forbids; `""` counts as absent.
    mutating func fhirText(limit: Int = FHIRLimits.textBytes) throws(JSONFault) -> String {
        let slice = try string()
        // An escape takes up to six bytes for one: what counts is the text that they stand for.
        guard slice.length <= (slice.hasEscapes ? 6 * limit : limit) else { throw tooLong(slice, limit) }
        let text = text(slice)
        guard !slice.hasEscapes || text.utf8.count <= limit else { throw tooLong(slice, limit) }
        // Unescaped control characters never pass the scan, so only an escape can bring one in.
        if slice.hasEscapes, text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            throw refuse(
                .value,
                "control characters other than tab and line ends are not allowed",
                at: slice.offset - 1
            )
        }
        return text
    }

    private func tooLong(_ slice: JSONSlice, _ limit: Int) -> JSONFault {
        refuse(.tooLong, "longer than \(limit) bytes", at: slice.offset - 1)
    }

    /// Reads a code that must be one of a closed set.
    mutating func fhirCode<Code: RawRepresentable & CaseIterable>(
        _ type: Code.Type
    ) throws(JSONFault) -> Code where Code.RawValue == String {
        let slice = try string()
        guard let code = Code(rawValue: text(slice)) else {
            let allowed = Code.allCases.map(\.rawValue).joined(separator: " | ")
            throw refuse(.codeInvalid, "the code is not one of \(allowed)", at: slice.offset - 1)
        }
        return code
    }

    /// Reads `resourceType` and checks it.
    mutating func fhirResourceType(_ expected: StaticString) throws(JSONFault) {
        let slice = try string()
        guard key(slice, is: expected) else {
            throw refuse(.invalid, "expected the resourceType \"\(expected)\"", at: slice.offset - 1)
        }
    }

    /// Reads a `date`: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, one that exists.
    mutating func fhirDate() throws(JSONFault) -> FHIRDate {
        let slice = try string()
        do throws(FHIRDate.Fault) {
            return slice.hasEscapes ? try FHIRDate(parsing: text(slice)) : try FHIRDate(parsing: raw(slice))
        } catch {
            throw refuse(.value, error.description, at: slice.offset - 1)
        }
    }

    /// Reads a `dateTime`: a date, or a date with time and zone.
    mutating func fhirDateTime() throws(JSONFault) -> FHIRDateTime {
        let slice = try string()
        do throws(FHIRDate.Fault) {
            return try FHIRDateTime(parsing: text(slice))
        } catch {
            throw refuse(.value, error.description, at: slice.offset - 1)
        }
    }

    /// Reads an `integer`, which FHIR keeps to 32 bits.
    mutating func fhirInteger() throws(JSONFault) -> Int {
        let slice = try number()
        guard let value = Int32(text(slice)) else { throw refuse(.value, "not an integer", at: slice.offset) }
        return Int(value)
    }

    /// Reads a `positiveInt`.
    mutating func fhirPositive() throws(JSONFault) -> Int {
        let slice = try number()
        guard let value = Int32(text(slice)), value > 0 else {
            throw refuse(.value, "not a positive integer", at: slice.offset)
        }
        return Int(value)
    }

    /// Reads an array, each element with `read`.
    mutating func fhirElements<Element>(
        limit: Int = FHIRLimits.repetitions,
        _ read: (inout JSONScanner) throws(JSONFault) -> Element
    ) throws(JSONFault) -> [Element] {
        var elements: [Element] = []
        try beginArray()
        while try nextElement() {
            guard elements.count < limit else {
                throw refuse(.tooLong, "more than \(limit) elements", at: position)
            }
            elements.append(try read(&self))
        }
        return elements
    }

    /// Reads an array of texts.
    ///
    /// `null` holds the place of a text that is absent and comes out as `""`.
    mutating func fhirTexts() throws(JSONFault) -> [String] {
        try fhirElements { (scanner) throws(JSONFault) in
            if try scanner.peekKind() == .null {
                try scanner.null()
                return ""
            }
            return try scanner.fhirText()
        }
    }
}
