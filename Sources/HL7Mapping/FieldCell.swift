import FHIR
import HL7v2

/// A repetition of a field with its place: values are told checked, faults with where they are.
struct FieldCell {
    let repetition: HL7Repetition
    let location: HL7Location

    /// The repetitions of a field that say something; a deletion mark says nothing.
    static func cells(_ segment: HL7Segment, _ field: Int) -> [FieldCell] {
        guard !segment.isEmpty(field) else { return [] }
        var cells: [FieldCell] = []
        for (index, repetition) in segment.field(field).repetitions.enumerated() where !repetition.isEmpty {
            guard repetition.text(1) != HL7Field.null else { continue }
            let location = HL7Location(segment.name, field: field, repetition: index + 1)
            cells.append(FieldCell(repetition: repetition, location: location))
        }
        return cells
    }

    /// A value without signs that do not print, trimmed.
    ///
    /// - Throws: a fault where it is longer than a text may be.
    func text(_ component: Int, _ subcomponent: Int = 1) throws(HL7Error) -> String {
        let value = FieldCell.cleaned(repetition.text(component, subcomponent))
        guard value.utf8.count <= FHIRLimits.textBytes else {
            throw fault(.dataType, component, "a value may have \(FHIRLimits.textBytes) bytes")
        }
        return value
    }

    /// The place of a component.
    func location(_ component: Int) -> HL7Location {
        var place = location
        place.component = component
        return place
    }

    /// A fault in a component.
    func fault(_ code: HL7Error.Code, _ component: Int, _ reason: String) -> HL7Error {
        HL7Error(code, at: location(component), reason)
    }

    /// What would not print becomes a blank; blanks at both ends go.
    static func cleaned(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return text == HL7Field.null ? "" : text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        let blank = UInt8(ascii: " ")
        let utf8 = Array(String(scalars).utf8)
        guard let first = utf8.firstIndex(where: { $0 != blank }), let last = utf8.lastIndex(where: { $0 != blank })
        else { return "" }
        let trimmed = String(decoding: utf8[first...last], as: UTF8.self)
        return trimmed == HL7Field.null ? "" : trimmed
    }
}
