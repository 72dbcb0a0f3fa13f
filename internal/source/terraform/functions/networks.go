package functions

import (
	"fmt"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

func networks() map[string]function.Function {
	return map[string]function.Function{
		"cidrcontains": define(cty.Bool, cidrContains, text("containing_prefix"), text("contained_ip_or_prefix")),
		"cidrhost":     define(cty.String, cidrHost, text("prefix"), number("hostnum")),
		"cidrnetmask":  define(cty.String, cidrNetmask, text("prefix")),
		"cidrsubnet":   define(cty.String, cidrSubnet, text("prefix"), number("newbits"), number("netnum")),
		"cidrsubnets": function.New(&function.Spec{
			Params:   []function.Parameter{text("prefix")},
			VarParam: optional(number("newbits")),
			Type:     function.StaticReturnType(cty.List(cty.String)),
			Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return cidrSubnets(args) },
		}),
	}
}

func cidrHost(args []cty.Value) (cty.Value, error) {
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	n, err := wholeOf(args, 1)
	if err != nil {
		return cty.NilVal, err
	}
	size := addresses(p.Addr().BitLen() - p.Bits())
	if n.Sign() < 0 {
		n.Add(n, size)
	}
	if n.Sign() < 0 || n.Cmp(size) >= 0 {
		return cty.NilVal, function.NewArgErrorf(1, "prefix of %d does not accommodate a host numbered %s", p.Bits(), n)
	}
	return cty.StringVal(plus(p.Addr(), n).String()), nil
}

func cidrNetmask(args []cty.Value) (cty.Value, error) {
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	if !p.Addr().Is4() {
		return cty.NilVal, function.NewArgErrorf(0, "IPv6 addresses cannot have a netmask: %s", p)
	}
	mask := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), p.Bits()).Masked()
	return cty.StringVal(mask.Addr().String()), nil
}

func cidrSubnet(args []cty.Value) (cty.Value, error) {
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	bits, err := longer(p, args, 1)
	if err != nil {
		return cty.NilVal, err
	}
	n, err := wholeOf(args, 2)
	if err != nil {
		return cty.NilVal, err
	}
	if n.Sign() < 0 || n.Cmp(addresses(bits-p.Bits())) >= 0 {
		return cty.NilVal, function.NewArgErrorf(2, "prefix extension of %d does not accommodate a subnet numbered %s", bits-p.Bits(), n)
	}
	n.Lsh(n, uint(p.Addr().BitLen()-bits))
	return cty.StringVal(netip.PrefixFrom(plus(p.Addr(), n), bits).String()), nil
}

// cidrSubnets lays networks one after the other, each at the next address that
// is a multiple of its size.
func cidrSubnets(args []cty.Value) (cty.Value, error) {
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	end, next := addresses(p.Addr().BitLen()-p.Bits()), new(big.Int)
	var subnets []cty.Value
	for i := 1; i < len(args); i++ {
		bits, err := longer(p, args, i)
		if err != nil {
			return cty.NilVal, err
		}
		if n := bits - p.Bits(); n < 1 || n > 32 {
			return cty.NilVal, function.NewArgErrorf(i, "must extend the prefix by 1 to 32 bits")
		}
		size := addresses(p.Addr().BitLen() - bits)
		next.Add(next, new(big.Int).Sub(size, big.NewInt(1)))
		next.Sub(next, new(big.Int).Mod(next, size))
		start := new(big.Int).Set(next)
		if next.Add(next, size).Cmp(end) > 0 {
			return cty.NilVal, function.NewArgErrorf(i, "not enough remaining address space for a subnet with a prefix of %d bits", bits)
		}
		subnets = append(subnets, cty.StringVal(netip.PrefixFrom(plus(p.Addr(), start), bits).String()))
	}
	return listOf(cty.String, subnets), nil
}

func cidrContains(args []cty.Value) (cty.Value, error) {
	p, err := prefixOf(args[0])
	if err != nil {
		return cty.NilVal, err
	}
	inner, err := netip.ParsePrefix(args[1].AsString())
	if err != nil {
		a, err := netip.ParseAddr(args[1].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(1, "%q is neither an IP address nor a prefix", args[1].AsString())
		}
		inner = netip.PrefixFrom(a, a.BitLen())
	}
	if p.Addr().Is4() != inner.Addr().Is4() {
		return cty.NilVal, fmt.Errorf("%s and %s are of different address families", p, args[1].AsString())
	}
	return cty.BoolVal(p.Bits() <= inner.Bits() && p.Contains(inner.Addr())), nil
}

func prefixOf(v cty.Value) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(v.AsString())
	if err != nil {
		return netip.Prefix{}, function.NewArgErrorf(0, "invalid CIDR expression: %s", v.AsString())
	}
	return p.Masked(), nil
}

// longer is the length of a prefix that the numbered argument extends.
func longer(p netip.Prefix, args []cty.Value, i int) (int, error) {
	var n int
	if err := gocty.FromCtyValue(args[i], &n); err != nil {
		return 0, function.NewArgError(i, err)
	}
	if room := p.Addr().BitLen() - p.Bits(); n < 0 || n > room {
		return 0, function.NewArgErrorf(i, "insufficient address space to extend prefix of %d by %d", p.Bits(), n)
	}
	return p.Bits() + n, nil
}

func wholeOf(args []cty.Value, i int) (*big.Int, error) {
	n, accuracy := args[i].AsBigFloat().Int(nil)
	if n == nil || accuracy != big.Exact {
		return nil, function.NewArgErrorf(i, "must be a whole number")
	}
	return n, nil
}

func addresses(bits int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(bits)) }

func plus(a netip.Addr, n *big.Int) netip.Addr {
	sum := new(big.Int).Add(new(big.Int).SetBytes(a.AsSlice()), n)
	out, _ := netip.AddrFromSlice(sum.FillBytes(make([]byte, a.BitLen()/8)))
	return out
}
