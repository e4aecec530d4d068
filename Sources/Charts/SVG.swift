/// Writes an SVG 1.1 document piece by piece; equal calls give equal bytes.
struct SVG {
    private var text: String
    private let width: Double
    private let height: Double

    /// Begins a picture of a size in pixels; the title tells those who cannot see it what it shows.
    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        text = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVG.number(width)) \(SVG.number(height))" \
            width="\(SVG.number(width))" height="\(SVG.number(height))" role="img" \
            font-family="system-ui, 'DejaVu Sans', Arial, sans-serif" font-size="12">
            <title>\(SVG.escaped(title))</title>
            <rect width="100%" height="100%" fill="\(Palette.paper)"/>

            """
    }

    /// The whole document.
    var document: String { text + "</svg>\n" }

    /// A straight line.
    mutating func line(
        from start: Point,
        to end: Point,
        stroke: String,
        width: Double = 1,
        dashes: String = ""
    ) {
        let dashed = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
        add(
            """
            <line x1="\(SVG.number(start.x))" y1="\(SVG.number(start.y))" x2="\(SVG.number(end.x))" \
            y2="\(SVG.number(end.y))" stroke="\(stroke)" stroke-width="\(SVG.number(width))"\(dashed)/>
            """
        )
    }

    /// A line through points; nothing where there are fewer than two.
    mutating func path(_ points: [Point], stroke: String, width: Double = 2) {
        guard points.count > 1 else { return }
        let commands = points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(SVG.number(point.x)) \(SVG.number(point.y))"
        }
        add(
            """
            <path d="\(commands.joined())" fill="none" stroke="\(stroke)" stroke-width="\(SVG.number(width))" \
            stroke-linejoin="round"/>
            """
        )
    }

    /// A rectangle between two corners; its hint appears under the pointer.
    mutating func box(from corner: Point, to other: Point, fill: String, opacity: Double = 1, hint: String = "") {
        let shape = """
            <rect x="\(SVG.number(min(corner.x, other.x)))" y="\(SVG.number(min(corner.y, other.y)))" \
            width="\(SVG.number(abs(other.x - corner.x)))" height="\(SVG.number(abs(other.y - corner.y)))" \
            fill="\(fill)"
            """
        let faded = opacity < 1 ? " fill-opacity=\"\(SVG.number(opacity))\"" : ""
        add(shape + faded + (hint.isEmpty ? "/>" : "><title>\(SVG.escaped(hint))</title></rect>"))
    }

    /// A dot.
    mutating func dot(_ centre: Point, radius: Double, fill: String) {
        add(
            """
            <circle cx="\(SVG.number(centre.x))" cy="\(SVG.number(centre.y))" r="\(SVG.number(radius))" \
            fill="\(fill)"/>
            """
        )
    }

    /// Where a text stands relative to its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// A line of text on its base line.
    mutating func label(
        _ words: String,
        at point: Point,
        anchor: Anchor = .start,
        fill: String = Palette.ink,
        size: Double = 12,
        bold: Bool = false,
        turned: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(SVG.number(point.x)) \(SVG.number(point.y)))\"" : ""
        add(
            """
            <text x="\(SVG.number(point.x))" y="\(SVG.number(point.y))" text-anchor="\(anchor.rawValue)" \
            fill="\(fill)" font-size="\(SVG.number(size))"\(bold ? " font-weight=\"600\"" : "")\(turn)>\
            \(SVG.escaped(words))</text>
            """
        )
    }

    private mutating func add(_ element: String) {
        text += element
        text += "\n"
    }

    /// A coordinate with at most two decimals.
    static func number(_ value: Double) -> String {
        var digits = Decimals.text(value, places: 2)
        while digits.last == "0" { digits.removeLast() }
        if digits.last == "." { digits.removeLast() }
        return digits
    }

    /// Text as XML allows it: marks escaped, control characters left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += " "
            default:
                if scalar.value >= 0x20, scalar.value < 0xFFFE || scalar.value > 0xFFFF {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
