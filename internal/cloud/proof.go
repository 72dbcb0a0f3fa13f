package cloud

// A Proof is an engine's answer to a yes-or-no question about the model: yes,
// no, or unknown because of a gap. It carries what decided.
type Proof struct {
	// Holds is the answer when Gap is nil.
	Holds bool
	// Gap is what keeps the answer from being known: the field Field of the
	// model object Of.
	Gap   *Gap
	Of    any
	Field string
	// Because names what decided a known answer.
	Because []Fact
}

// A Fact is one field of one object of the model, with the value worth showing.
type Fact struct {
	Of    any // pointer to a struct of the model
	Field string
	Value any
}

// Proved is a yes for these reasons.
func Proved(because ...Fact) Proof { return Proof{Holds: true, Because: because} }

// Refuted is a no for these reasons.
func Refuted(because ...Fact) Proof { return Proof{Because: because} }

// Hidden is an unknown: the field of the object is a gap.
func Hidden(of any, field string, gap *Gap) Proof { return Proof{Gap: gap, Of: of, Field: field} }
