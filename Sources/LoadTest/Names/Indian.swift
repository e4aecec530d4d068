extension NamingCulture {
    static let indian = NamingCulture(
        name: "indian",
        share: 30,
        familyRule: .inherited,
        faith: .own,
        importedShare: 0,
        female: """
            Priya Anjali Sunita Lakshmi Meena Kavita Rekha Asha Geeta Sita Radha Usha Nisha Pooja Shanti Deepa \
            Anita Kamala Leela Savitri Indira Jyoti Lalita Manisha Neeta Parvati Rani Sangeeta Saroja Shobha \
            Sushila Tara Uma Vani Vijaya Yamuna Bhavna Chandra Divya Hema
            """,
        male: """
            Rajesh Suresh Ramesh Mahesh Anil Sunil Vijay Ravi Sanjay Ashok Krishna Mohan Prakash Dinesh Ganesh \
            Naresh Kiran Manoj Pravin Vinod Arun Bharat Chetan Deepak Govind Harish Jayesh Kishore Lalit Mukesh \
            Nitin Pankaj Rakesh Shyam Tushar Umesh Vikram Yogesh Amit Bhavesh
            """,
        family: """
            Patel Naidoo Pillay Govender Reddy Singh Shah Moodley Naicker Chetty Maharaj Ramlall Desai Mehta Joshi \
            Sharma Gupta Kumar Rao Nair Iyer Padayachee Perumal Gounden Soni Bhatt Trivedi Parekh Lakhani Khan \
            Rajah Sookdeo Ramdass Mistry Chauhan Solanki Thakkar Vyas Amin Dave
            """,
        femalePieces: ("Pri Su Ka Me Ra Sha La An", "ni vi li mi ja ri", "ta ka shi na li ya"),
        malePieces: ("Ra Su Ma Ji Na Vi Ha Pra", "je re na ni vi", "sh ndra nt v n y"),
        familyPieces: (
            "Nai Govi Ram Kri Pa Che Mo Su Ra", "ndi sa la na ma ku pa", "swamy nder lall dass pillai than samy raj"
        ),
        places: """
            Durban/eThekwini Chatsworth/eThekwini Phoenix/eThekwini Kampala/Kampala Nairobi/Nairobi \
            Pietermaritzburg/uMgungundlovu Mombasa/Mombasa Lenasia/Gauteng Kisumu/Kisumu Verulam/eThekwini
            """,
        dialling: "27",
        nationalIdentifier: "YYMMDD9999089"
    )
}
