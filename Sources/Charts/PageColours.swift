/// The style sheet with which charts stand inside a page, on bright paper and on dark.
///
/// A picture names its colours itself, so that it can stand alone; within a page these rules overrule it by the colour
/// named, and follow what the reader's system prefers.
public enum PageColours {
    /// On dark paper: as far from it as the first colour is from white.
    private static let dark = [
        Palette.paper: "#16191d", Palette.ink: "#e6e9ec", Palette.pale: "#9aa4af", Palette.grid: "#2b3138",
        Palette.axis: "#6b7580", Palette.gain: "#4aa8e0", Palette.loss: "#f08a3c", Palette.total: "#b3b3b3",
        Palette.mark: "#2fc493",
    ]

    /// Rules for `:root`, for the page and for the pictures in it.
    public static var styleSheet: String {
        let named = dark.keys.sorted()
        let bright = named.map { "\(variable($0)):\($0)" }.joined(separator: ";")
        let night = named.map { "\(variable($0)):\(dark[$0] ?? $0)" }.joined(separator: ";")
        let rules = named.map { colour in
            "svg [fill=\"\(colour)\"]{fill:var(\(variable(colour)))}"
                + "svg [stroke=\"\(colour)\"]{stroke:var(\(variable(colour)))}"
        }
        return """
            :root{color-scheme:light dark;\(bright)}
            @media (prefers-color-scheme:dark){:root{\(night)}}
            body{background:var(\(variable(Palette.paper)));color:var(\(variable(Palette.ink)))}
            \(rules.joined(separator: "\n"))
            """
    }

    /// The variable that holds a colour: of the page's text, of lines between rows, and so on.
    private static func variable(_ colour: String) -> String { "--c\(colour.dropFirst())" }

    /// What a page writes in its own rules.
    public enum Use {
        /// Text that stands back.
        public static let pale = "var(--c\(Palette.pale.dropFirst()))"
        /// Lines between rows.
        public static let grid = "var(--c\(Palette.grid.dropFirst()))"
        /// What is worse, or wrong.
        public static let loss = "var(--c\(Palette.loss.dropFirst()))"
        /// What is better, or right.
        public static let gain = "var(--c\(Palette.mark.dropFirst()))"
    }
}
