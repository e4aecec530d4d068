internal import JSON

/// Who works on a question, so that no two stewards do; kept beside the records under the question's name.
struct ReviewClaim: Sendable, Hashable {
    /// Longest name of a steward and longest comment, in characters.
    static let textLimit = 512

    /// Who works on it.
    let assignee: String
    /// Who said so.
    let by: String
    /// When, in milliseconds since 1970.
    let at: UInt64
    let comment: String

    /// The name of the note that keeps the claim of a question.
    static func name(of question: String) -> String { "claim|\(question)" }

    init(assignee: String, by: String, at: UInt64, comment: String) {
        (self.assignee, self.by, self.at, self.comment) = (assignee, by, at, comment)
    }

    /// Reads what `encoded` wrote; anything else is no claim.
    init?(decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes.span.bytes), let assignee = value["assignee"]?.string else {
            return nil
        }
        self.init(
            assignee: assignee,
            by: value["by"]?.string ?? "",
            at: UInt64(clamping: value["at"]?.integer ?? 0),
            comment: value["comment"]?.string ?? ""
        )
    }

    func encoded() -> [UInt8] {
        let object: JSONObject = [
            "assignee": .string(assignee), "by": .string(by), "at": .number(JSONNumber(at)),
            "comment": .string(comment),
        ]
        return JSONValue.object(object).serialised()
    }

    /// Writes the claim as a member of its question.
    func write(to writer: inout JSONWriter) {
        writer.key("claim")
        writer.beginObject()
        writer.member("assignee", assignee)
        if by != assignee { writer.member("by", by) }
        writer.member("at", milliseconds: at)
        if !comment.isEmpty { writer.member("comment", comment) }
        writer.endObject()
    }
}
