import JSON
import Testing

@Suite("JSON Patch (RFC 6902)")
struct JSONPatchTests {
    private static func applied(_ patch: String, to document: String) throws -> String {
        let changed = try JSONPatch(try JSONValue(parsing: patch)).applied(to: try JSONValue(parsing: document))
        return String(decoding: changed.serialised(), as: UTF8.self)
    }

    @Test(
        "the examples of the standard, appendix A",
        arguments: [
            (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"foo":"bar","baz":"qux"}"#),
            (
                #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
                #"{"foo":["bar","qux","baz"]}"#
            ),
            (#"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
            (#"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["bar","baz"]}"#),
            (#"{"baz":"qux"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#, #"{"baz":"boo"}"#),
            (#"{"a":{"b":1},"c":{}}"#, #"[{"op":"move","from":"/a/b","path":"/c/d"}]"#, #"{"a":{},"c":{"d":1}}"#),
            (
                #"{"foo":["all","grass"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/0"}]"#,
                #"{"foo":["grass","all"]}"#
            ),
            (#"{"a":[1,"two"]}"#, #"[{"op":"test","path":"/a/1","value":"two"}]"#, #"{"a":[1,"two"]}"#),
            (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
            (#"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["x"]}]"#, #"{"foo":["bar",["x"]]}"#),
            (#"{"a":1}"#, #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"{"a":1,"b":1}"#),
        ]
    )
    func examples(_ document: String, _ patch: String, _ expected: String) throws {
        #expect(try Self.applied(patch, to: document) == expected)
    }

    @Test(
        "what cannot be applied changes nothing and names the operation",
        arguments: [
            #"[{"op":"add","path":"/x","value":1},{"op":"test","path":"/x","value":2}]"#,
            #"[{"op":"add","path":"/x","value":1},{"op":"remove","path":"/y"}]"#,
            #"[{"op":"add","path":"/x","value":1},{"op":"replace","path":"/a/7","value":1}]"#,
            #"[{"op":"add","path":"/x","value":1},{"op":"add","path":"/a/01","value":1}]"#,
            #"[{"op":"add","path":"/x","value":1},{"op":"move","from":"/a","path":"/a/0"}]"#,
        ]
    )
    func faults(_ patch: String) throws {
        let value = try JSONValue(parsing: #"{"a":[1]}"#)
        do throws(JSONPatch.Fault) {
            _ = try JSONPatch(parsed(patch)).applied(to: value)
            Issue.record("a patch was applied that cannot be")
        } catch {
            #expect(error.operation == 1)
        }
    }

    private func parsed(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }

    @Test(
        "what is no patch",
        arguments: [
            #"{}"#, #"[{"op":"frob","path":"/a"}]"#, #"[{"op":"add","path":"a","value":1}]"#,
            #"[{"op":"add","path":"/a"}]"#, #"[{"op":"move","path":"/a"}]"#,
        ]
    )
    func noPatch(_ text: String) { #expect(throws: JSONPatch.Fault.self) { try JSONPatch(parsed(text)) } }
}
