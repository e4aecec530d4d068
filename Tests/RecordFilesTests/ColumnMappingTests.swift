import RecordFiles
import Testing

/// Which column holds what.
@Suite struct ColumnMappingTests {
    @Test func `columns are known by name, however it is written`() throws {
        let header = ["Record ID", "SOURCE", "given-name", "FamilyName", "Birth_Date", "NATIONAL ID", "mother_name"]
        let mapping = try ColumnMapping(header: header)
        #expect(mapping.fields == [.recordID, .source, .givenName, .familyName, .birthDate, .nationalID, .motherName])
        #expect(mapping.unmapped.isEmpty)
    }

    @Test func `columns that mean nothing are named once, entity_id never`() throws {
        let mapping = try ColumnMapping(header: ["record_id", "entity_id", "Entity-ID", "blood", "shoe"])
        #expect(mapping.fields == [.recordID, nil, nil, nil, nil])
        #expect(mapping.unmapped == ["blood", "shoe"])
    }

    @Test func `a column can be given another meaning`() throws {
        let overrides = ["Surname=family_name", "n=Given Name", "a=b=phone"]
        let mapping = try ColumnMapping(header: ["record_id", "surname", "N", "a=b"], overrides: overrides)
        #expect(mapping.fields == [.recordID, .familyName, .givenName, .phone])
    }

    @Test func `a meaning given to one column is taken from the column of that name`() throws {
        let mapping = try ColumnMapping(header: ["record_id", "sex", "gender"], overrides: ["gender=sex"])
        #expect(mapping.fields == [.recordID, nil, .sex])
        #expect(mapping.unmapped == ["sex"])
    }

    @Test func `columns by names that others use are read, and said so`() throws {
        let header = ["ID", "Surname", "Forename", "DOB", "Gender", "mobile", "phone no", "Zip Code", "cluster"]
        let mapping = try ColumnMapping(header: header)
        let fields: [RecordField?] = [
            .recordID, .familyName, .givenName, .birthDate, .sex, .phone, nil, .postalCode, nil,
        ]
        #expect(mapping.fields == fields)
        #expect(mapping.unmapped == ["phone no", "cluster"])
        #expect(mapping.custom.map(\.column) == ["ID", "Surname", "Forename", "DOB", "Gender", "mobile", "Zip Code"])
    }

    @Test func `a column named after its field comes before one that others call so`() throws {
        let mapping = try ColumnMapping(
            header: ["id", "surname", "family_name", "record_id", "x"],
            overrides: ["x=sex"]
        )
        #expect(mapping.fields == [nil, nil, .familyName, .recordID, .sex])
        #expect(mapping.unmapped == ["id", "surname"])
        #expect(mapping.custom.isEmpty)
    }

    static let refused: [([String], [String], String)] = [
        (["name"], [], "no column record_id among name; map one with --map COLUMN=record_id"),
        (
            ["record_id", "sex", "Sex"], [],
            "the columns sex and Sex both mean sex; keep one, or map the other elsewhere"
        ),
        (["record_id"], ["sex"], "invalid mapping sex: expected COLUMN=FIELD"),
        (["record_id"], ["x=sex"], "invalid mapping x=sex: the columns are record_id"),
        (
            ["record_id", "entity_id"], ["entity_id=family_name"],
            "invalid mapping entity_id=family_name: entity_id is never read"
        ),
    ]

    @Test(arguments: refused) func `what cannot be mapped is told`(header: [String], overrides: [String], told: String)
    {
        do throws(RecordFileError) {
            _ = try ColumnMapping(header: header, overrides: overrides)
            Issue.record("accepted")
        } catch {
            #expect(error.description == told)
        }
    }

    @Test func `an unknown field is told with the fields that there are`() {
        #expect {
            _ = try ColumnMapping(header: ["record_id", "x"], overrides: ["x=surname"])
        } throws: {
            "\($0)".contains("the fields are record_id, source, given_name")
        }
    }
}
