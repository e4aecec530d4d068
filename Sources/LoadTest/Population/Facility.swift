/// A source of records and the habits of its clerks.
struct Facility: Sendable {
    let name: String
    /// Everything in capitals.
    let isUppercase: Bool
    /// Thousandths of records that lack the field.
    let missingMiddle: Int
    let missingPhone: Int
    let missingIdentifier: Int
    let missingAddress: Int
    let missingMother: Int
    let missingEmail: Int
    /// Thousandths of names with a slip.
    let slips: Int
    /// How sex is written.
    let female: String
    let male: String
    /// Whether phone numbers carry the country's code.
    let isInternational: Bool

    private init(_ name: String, uppercase: Bool, missing: [Int], slips: Int, sex: (String, String), code: Bool) {
        self.name = name
        isUppercase = uppercase
        missingMiddle = missing[0]
        missingPhone = missing[1]
        missingIdentifier = missing[2]
        missingAddress = missing[3]
        missingMother = missing[4]
        missingEmail = missing[5]
        self.slips = slips
        female = sex.0
        male = sex.1
        isInternational = code
    }

    static let all: [Facility] = [
        hospital("hospital-mulago", false, ("F", "M"), false), hospital("hospital-kenyatta", true, ("F", "M"), true),
        hospital("hospital-baragwanath", false, ("female", "male"), true),
        hospital("hospital-aminu-kano", true, ("F", "M"), false),
        hospital("hospital-black-lion", false, ("F", "M"), false), clinic("clinic-riverside", false, ("F", "M")),
        clinic("clinic-saint-mary", false, ("F", "M")), clinic("clinic-market-square", true, ("F", "M")),
        clinic("clinic-hope", false, ("f", "m")), clinic("clinic-lakeview", false, ("F", "M")),
        clinic("clinic-union", true, ("F", "M")),
        Facility(
            "laboratory-central",
            uppercase: true,
            missing: [900, 700, 600, 1_000, 1_000, 1_000],
            slips: 70,
            sex: ("F", "M"),
            code: false
        ),
        Facility(
            "immunisation-register",
            uppercase: false,
            missing: [600, 300, 950, 250, 60, 1_000],
            slips: 60,
            sex: ("F", "M"),
            code: false
        ),
        Facility(
            "health-insurance",
            uppercase: true,
            missing: [200, 150, 120, 200, 700, 300],
            slips: 25,
            sex: ("F", "M"),
            code: true
        ),
        Facility(
            "civil-registry",
            uppercase: true,
            missing: [50, 600, 100, 150, 80, 900],
            slips: 15,
            sex: ("F", "M"),
            code: false
        ),
        Facility(
            "community-health",
            uppercase: false,
            missing: [750, 350, 800, 350, 400, 1_000],
            slips: 90,
            sex: ("F", "M"),
            code: false
        ),
    ]

    private static func hospital(_ name: String, _ upper: Bool, _ sex: (String, String), _ code: Bool) -> Facility {
        Facility(name, uppercase: upper, missing: [350, 200, 350, 150, 350, 600], slips: 40, sex: sex, code: code)
    }

    private static func clinic(_ name: String, _ upper: Bool, _ sex: (String, String)) -> Facility {
        Facility(name, uppercase: upper, missing: [500, 250, 550, 250, 400, 850], slips: 60, sex: sex, code: false)
    }
}
