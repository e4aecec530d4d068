import TestRandom
import Demographics
import Identifiers
import PatientMapping
import RecordFiles
import Testing

/// Files of patients: records in order, rejects with their reason, nothing that stops the rest.
@Suite struct RecordFileReaderTests {
    private func told(_ items: [RecordFileItem]) -> [String] {
        items.map { item in
            switch item {
            case .record(let line, let record, _): "\(line) \(record.key)"
            case .reject(let line, let recordID, let reason): "\(line) \(recordID ?? "-"): \(reason)"
            }
        }
    }

    @Test func `a row becomes a record with everything that it says`() throws {
        let text = """
            record_id,source,entity_id,given_name,middle_name,family_name,sex,birth_date,phone,national_id,email,\
            address_line,city,district,postal_code,mother_name
            s1,clinic,e1,Betty,Florence,Montande,F,1978-10-01,0734,CM9,b@o.com,"Plot 2, Zone",Durban,KZN,32348,Kizi Moagi
            """
        var expected = SourceRecord(key: RecordKey(source: "clinic", value: "s1"))
        expected.names = [PersonName(given: ["Betty"], middle: ["Florence"], family: "Montande")]
        expected.sex = "female"
        expected.birthDate = "1978-10-01"
        expected.contacts = [
            ContactPoint(system: .phone, value: "0734"), ContactPoint(system: .email, value: "b@o.com"),
        ]
        expected.identifiers = [PatientIdentifier(system: "urn:tessera:national-id", value: "CM9", type: "NI")]
        expected.addresses = [PostalAddress(line: "Plot 2, Zone", city: "Durban", district: "KZN", postalCode: "32348")]
        expected.motherName = "Kizi Moagi"
        #expect(items(Array(text.utf8)).items == [.record(line: 2, expected, patient: nil)])
    }

    private static let wholes: [(String, PersonName, String)] = [
        (
            "\"OKELLO ODHIAMBO, Mary  Jane Ann\",1985,3,9",
            PersonName(given: ["Mary"], middle: ["Jane Ann"], family: "OKELLO ODHIAMBO"), "1985-03-09"
        ),
        ("Mary Okello,1985,Mar,", PersonName(given: ["Mary"], family: "Okello"), "1985-Mar"),
        ("Okello,1985,,7", PersonName(family: "Okello"), "1985"),
        ("\",Mary\",,3,7", PersonName(family: "Mary"), ""),
    ]

    @Test(arguments: wholes) func `whole names and parts of dates are put where they belong`(
        row: String,
        name: PersonName,
        date: String
    ) {
        let text = "record_id,name,birth_year,birth_month,birth_day\n1,\(row)\n"
        var expected = SourceRecord(key: RecordKey(source: "s", value: "1"))
        expected.names = [name]
        expected.birthDate = date
        #expect(items(Array(text.utf8), name: "s.csv").items == [.record(line: 2, expected, patient: nil)])
    }

    @Test func `what has a column of its own is not taken from a whole`() {
        let text = "record_id,given_name,name,birth_date,birth_year\n1,Ann,Mary Okello,1990-01-02,1985\n"
        var expected = SourceRecord(key: RecordKey(source: "s", value: "1"))
        expected.names = [PersonName(given: ["Ann"])]
        expected.birthDate = "1990-01-02"
        #expect(items(Array(text.utf8), name: "s.csv").items == [.record(line: 2, expected, patient: nil)])
    }

    @Test func `an empty field is absent`() {
        let (read, _) = items(
            Array("record_id,given_name,family_name,sex,phone,city\n1,,,,,\n".utf8),
            name: "x/clinic.csv"
        )
        #expect(read == [.record(line: 2, SourceRecord(key: RecordKey(source: "clinic", value: "1")), patient: nil)])
    }

    @Test func `the source comes from the row, the option or the file's name`() {
        let text = Array("record_id,source\n1,lab\n2,\n".utf8)
        #expect(told(items(text, name: "data/clinic.csv.gz").items) == ["2 lab|1", "3 clinic|2"])
        var options = RecordFileOptions()
        options.source = "north"
        #expect(told(items(text, options: options).items) == ["2 lab|1", "3 north|2"])
        #expect(told(items(text, name: "-").items) == ["2 lab|1", "3 file|2"])
    }

    @Test func `bad rows are told and the others go on`() {
        let long = String(repeating: "x", count: 1_025)
        var bytes = Array("record_id,given_name,city\n1,A,B\n,A,B\n3,A\n4,\(long),B\n5,A\u{1},B\n6,\"A\"x,B\n7,A".utf8)
        bytes += [0xC3, 0x28] + Array(",B\n8,A,B".utf8)
        #expect(
            told(items(bytes, name: "s").items) == [
                "2 s|1", "3 -: record_id: empty", "4 -: 2 fields where the header has 3",
                "5 4: given_name: longer than 1024 bytes", "6 5: given_name: control characters are not allowed",
                "7 -: text after the closing quote of field 2", "8 7: given_name: not valid UTF-8", "9 s|8",
            ]
        )
    }

    @Test func `an unused column may hold anything`() {
        let bytes = Array("record_id,photo\n1,".utf8) + [0xFF, 0x00] + Array("\n".utf8)
        #expect(told(items(bytes, name: "s").items) == ["2 s|1"])
    }

    @Test(arguments: [
        ("", RecordFileError.empty), ("\n\n", RecordFileError.empty),
        ("a,b\n1,2\n", RecordFileError.missingColumn("record_id", found: ["a", "b"])),
    ]) func `a table without a usable header is refused`(text: String, error: RecordFileError) {
        #expect(items(Array(text.utf8), name: "x.csv").error == error)
    }

    @Test func `lines of FHIR become records with their bytes`() throws {
        let patient = #"{"resourceType":"Patient","identifier":[{"system":"a","value":"1"}],"photo":[]}"#
        let bundle =
            #"{"resourceType":"Bundle","type":"collection","entry":[{"resource":\#(patient)},"#
            + #"{"resource":{"resourceType":"Organization"}},{},{"resource":7}]}"#
        let text =
            "\u{FEFF}\(patient)\r\n\n  \(bundle)\n{\"resourceType\":\"Patient\",\"birthDate\":\"1985-13-02\"}\n{]\n"
            + "{\"resourceType\":\"Group\",\"id\":\"g\"}\n\(patient)"
        let (read, error) = items(Array(text.utf8))
        #expect(error == nil)
        #expect(
            told(read) == [
                "1 a|1", "3 a|1",
                "3 -: Bundle.entry[1].resource.resourceType: expected the resourceType \"Patient\"",
                "3 -: Bundle.entry[2].resource: missing",
                "3 -: Bundle.entry[3].resource: expected an object, found a number",
                "4 -: Patient.birthDate: the date does not exist in the calendar",
                "5 -: expected a name in quotes, found \"]\"",
                "6 g: expected a Patient or a Bundle, found a resource of another type", "7 a|1",
            ]
        )
        guard case .record(_, _, let bytes) = read[1] else { return }
        #expect(bytes == Array(patient.utf8))
    }

    @Test func `a document written over many lines is one document`() {
        let patient = "{\n \"resourceType\": \"Patient\",\n \"identifier\": [{\"system\":\"a\",\"value\":\"1\"}]\n}\n"
        let (read, _) = items(Array("\u{FEFF}\n\(patient)".utf8))
        #expect(told(read) == ["2 a|1"])
        guard case .record(_, _, let bytes?) = read.first else { return }
        #expect(!bytes.contains(0x0A))
        #expect(told(items(Array("\(patient)\(patient)".utf8)).items).first?.hasPrefix("1 -: unexpected data") == true)
        let huge = "{\n\(String(repeating: " ", count: 17 << 20))}"
        #expect(told(items(Array(huge.utf8)).items).first?.hasPrefix("1 -: one document of more than 16777216") == true)
    }

    @Test(
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04, 0x14], "this is a spreadsheet or zip archive; save it as CSV, or unpack it"),
            ([0xFF, 0xFE, 0x72, 0x00], "this file is UTF-16; save it as UTF-8"),
            (Array("record_id,".utf8) + [0xFF, 0x0A], "the header line cannot be read: not valid UTF-8"),
        ] as [([UInt8], String)]
    ) func `a file of another kind is told`(bytes: [UInt8], told: String) {
        #expect(items(bytes, name: "x.csv").error?.description == told)
    }

    @Test func `a line that is too long is told and the others go on`() {
        let patient = #"{"resourceType":"Patient","identifier":[{"system":"a","value":"1"}]}"#
        let text = "\(patient)\n{\"x\":\"\(String(repeating: "x", count: 17 << 20))\"}\n\(patient)\n"
        #expect(told(items(Array(text.utf8)).items) == ["1 a|1", "2 -: line longer than 16777216 bytes", "3 a|1"])
    }

    @Test(arguments: [
        ("a.csv", "{", FileFormat.csv), ("a.CSV.gz", "{", .csv), ("a.ndjson", "x", .ndjson),
        ("a.jsonl.gz", "x", .ndjson),
        ("a", " {\"resourceType\"", .ndjson), ("a", "\u{FEFF}{", .ndjson), ("a", "record_id", .csv),
        ("-", "{}", .ndjson),
    ]) func `the format is told by name, then by the first byte`(name: String, start: String, format: FileFormat) throws
    {
        let rest = format == .csv ? "record_id\n" : ""
        let bytes = Array((format == .csv && name != "a" ? rest : start).utf8)
        let reader = try RecordFileReader(bytes: bytes, name: name)
        #expect(reader.format == format)
    }

    @Test(arguments: 0..<100) func `a row sent as FHIR comes out as the same record`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let values: [RecordField: [String]] = [
            .sex: ["", "F", "m", "male", "undisclosed"], .birthDate: ["", "1990-01-02", "1985-13-02", "6/3/36"],
            .givenName: ["", "Ann", "Mary Ann"], .middleName: ["", "Q"], .familyName: ["", "Okello, \"Jr\""],
            .phone: ["", "077\n1"], .email: ["", "a@b"], .nationalID: ["", "CM 9"], .city: ["", "Kampala"],
            .addressLine: ["", "Plot\t1"], .motherName: ["", "Ñ"],
        ]
        var writer = CSVWriter()
        writer.row(RecordField.allCases.map(\.rawValue))
        for number in 0..<20 {
            writer.row(
                RecordField.allCases.map { field in
                    field == .recordID ? "r\(number)" : values[field]?.randomElement(using: &random) ?? ""
                }
            )
        }
        let mapping = PatientMapping()
        for item in items(writer.bytes).items {
            guard case .record(_, let record, _) = item else {
                Issue.record("rejected: \(item)")
                continue
            }
            let bytes = mapping.encoded(record)
            #expect(try mapping.record(decoding: bytes.span.bytes) == record)
        }
    }
}
