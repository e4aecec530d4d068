/// An element of an XML document with what FHIR needs of it: attributes, child elements, and its source text.
struct XMLNode: Sendable {
    /// The name without prefix.
    var name: String
    /// Attributes by name without prefix; namespace declarations left out.
    var attributes: [String: String] = [:]
    /// Child elements in order.
    var children: [XMLNode] = []
    /// Whether text other than white space stands between the children.
    var hasText = false
    /// Where the element lies in the document's bytes.
    var range: Range<Int> = 0..<0
}
