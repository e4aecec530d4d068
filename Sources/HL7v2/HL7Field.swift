/// A field taken apart: repetitions of components of subcomponents, with escapes resolved.
public struct HL7Field: Hashable, Sendable {
    /// Its repetitions; an empty field has none.
    public var repetitions: [HL7Repetition]

    /// Puts a field together.
    public init(_ repetitions: [HL7Repetition] = []) { self.repetitions = repetitions }

    /// A field of one plain value.
    public init(_ text: String) { self.init(text.isEmpty ? [] : [HL7Repetition([HL7Component(text)])]) }

    /// The first repetition; an empty one where there is none.
    public var first: HL7Repetition { repetitions.first ?? HL7Repetition() }

    /// Whether it says nothing.
    public var isEmpty: Bool { repetitions.allSatisfy(\.isEmpty) }

    /// Whether it is `""`: what is stored is to be deleted.
    public var isNull: Bool { repetitions.count == 1 && first.text(1) == HL7Field.null && first.components.count == 1 }

    /// The value that deletes.
    public static let null = "\"\""
}

/// One repetition of a field.
public struct HL7Repetition: Hashable, Sendable {
    /// Its components.
    public var components: [HL7Component]

    /// Puts a repetition together.
    public init(_ components: [HL7Component] = []) { self.components = components }

    /// A repetition of plain components.
    public init(texts: [String]) { components = texts.map { HL7Component($0) } }

    /// Whether it says nothing.
    public var isEmpty: Bool { components.allSatisfy(\.isEmpty) }

    /// A component, counted from 1; an empty one where there is none.
    public func component(_ number: Int) -> HL7Component {
        components.indices.contains(number - 1) ? components[number - 1] : HL7Component()
    }

    /// A subcomponent, both counted from 1; empty where there is none.
    public func text(_ component: Int, _ subcomponent: Int = 1) -> String {
        self.component(component).text(subcomponent)
    }
}

/// One component.
public struct HL7Component: Hashable, Sendable {
    /// Its subcomponents.
    public var subcomponents: [String]

    /// Puts a component together.
    public init(subcomponents: [String] = []) { self.subcomponents = subcomponents }

    /// A component of one value.
    public init(_ text: String) { subcomponents = text.isEmpty ? [] : [text] }

    /// Whether it says nothing.
    public var isEmpty: Bool { subcomponents.allSatisfy(\.isEmpty) }

    /// A subcomponent, counted from 1; empty where there is none.
    public func text(_ number: Int = 1) -> String {
        subcomponents.indices.contains(number - 1) ? subcomponents[number - 1] : ""
    }
}
