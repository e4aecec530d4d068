import Testing

/// Lines, functions and files of a size that can be read.
@Suite("Sizes")
struct SizeTests {
    /// The widest line.
    static let widest = 120
    /// The longest function.
    static let longestFunction = 70
    /// A file past this should be thought about.
    static let longFile = 400
    /// A file past this is split.
    static let longestFile = 800

    @Test("Lines wider than 120 columns may only become fewer", arguments: Repository.rooms)
    func width(room: String) {
        let wide = Repository.sources.filter { $0.room == room }.flatMap(wideLines)
        let allowed = Allowances.wideLines[room] ?? 0
        #expect(wide.count <= allowed, "\(allowed) are allowed: \(wide.joined(separator: ", "))")
    }

    @Test("No line of a script or of these tests is wider than 120 columns")
    func widthElsewhere() {
        let scripts = Repository.files(below: "Tests", kinds: ["py"]) + Shell.scripts
        for file in Repository.tests.filter({ $0.room == "TidyTests" }) + scripts {
            let wide = wideLines(file)
            #expect(wide.isEmpty, "\(wide.joined(separator: ", "))")
        }
    }

    @Test("No file has more than 800 lines")
    func files() {
        let scripts = Repository.files(below: "Tests", kinds: ["py"]) + Shell.scripts
        for file in Repository.sources + Repository.tests + scripts where file.lines.count > Self.longFile {
            let stop = file.lines.count > Self.longestFile
            Issue.record(
                "\(file.path) has \(file.lines.count) lines: does it still have the one purpose its name tells?",
                severity: stop ? .error : .warning
            )
        }
    }

    @Test("No function has more than 70 lines, but for the ones listed")
    func functions() {
        var met: Set<String> = []
        for file in Repository.sources + Repository.tests {
            for function in FunctionLength.measure(file.codeLines) {
                let name = "\(file.path):\(function.name)"
                let limit = max(Self.longestFunction, Allowances.longFunctions[name] ?? 0)
                #expect(function.lines <= limit, "\(name) has \(function.lines) lines")
                if function.lines > Self.longestFunction { met.insert(name) }
            }
        }
        let mended = Set(Allowances.longFunctions.keys).subtracting(met)
        #expect(mended.isEmpty, "short by now, so take them off the list: \(mended.sorted())")
    }

    @Test("The measure of functions is right")
    func measure() {
        let code = SwiftText.code(
            of:
                """
                protocol P {
                    func requirement()
                    func other() -> Int
                }
                struct S {
                    /* func comment() { */
                    public static func one(_ text: String = "}") -> Int { 1 }
                    init(
                        a: Int,
                        b: () -> Void = {}
                    ) {
                        print("{ \\(a) // no comment")
                    }
                    var computed: Int {
                        3
                    }
                }
                """
        )
        #expect(
            FunctionLength.measure(code.split(separator: "\n")) == [
                .init(name: "one", lines: 1), .init(name: "init", lines: 6),
            ]
        )
    }

    private func wideLines(_ file: Repository.File) -> [String] {
        file.lines.enumerated().compactMap { index, line in
            // Bytes first: they are counted at once, columns one by one.
            line.utf8.count > Self.widest && line.count > Self.widest ? "\(file.path):\(index + 1)" : nil
        }
    }
}
