package code

import (
	"strings"

	"merlon.dev/internal/cloud/aws"
)

// Containers fills the containers of a task definition, from JSON or from
// values with the same names.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
func Containers(f *Form, field *[]*aws.Container, v Value) { EachOf(f, field, v.JSON(), container) }

func container(f *Form, c *aws.Container) {
	f.Set(&c.Name, "name")
	f.Put(&c.Image, f.Stand(f.Get("image")))
	f.Set(&c.Essential, "essential", true)
	f.Set(&c.Privileged, "privileged")
	f.Set(&c.User, "user")
	f.Put(&c.RunsAsRoot, f.Get("user").Or(Text("", nil)).runsAsRoot())
	f.Set(&c.ReadOnlyRoot, "readonlyRootFilesystem")
	EnvVars(f, &c.Environment, f.Get("environment").Pairs("name", "value"))
	f.Put(&c.EnvironmentFiles, f.Get("environmentFiles").Every("value"))
	Each(f, &c.Secrets, "secrets", containerSecret)
	f.Set(&c.LogDriver, "logConfiguration.logDriver")
	f.Put(&c.LogGroup, f.Stand(f.Get("logConfiguration.options.awslogs-group")))
	f.Set(&c.LogMode, "logConfiguration.options.mode")
	f.Set(&c.AddedCapabilities, "linuxParameters.capabilities.add")
	f.Put(&c.HostPorts, f.Get("portMappings").Every("hostPort"))
	f.Put(&c.HasHealthCheck, f.Get("healthCheck").Present())
}

// runsAsRoot is a boolean: whether a user is root by name or number, or nobody
// in particular. A group behind a colon does not count.
func (v Value) runsAsRoot() Value {
	if v.kind != Number && v.kind != String {
		return v
	}
	s, known := v.Known()
	if !known {
		return Unsure(v.Hole(), v.at)
	}
	name, _, _ := strings.Cut(s, ":")
	return Flag(name == "root" || strings.Trim(name, "0") == "", v.at)
}

// containerSecret reads a variable that ECS fills: from Secrets Manager by ARN,
// with a key behind it or not, or from the Parameter Store by ARN or name.
func containerSecret(f *Form, s *aws.ContainerSecret) {
	f.Set(&s.Name, "name")
	from := f.Get("valueFrom")
	f.Default(&s.Secret, &s.Parameter)
	if text := from.Show(); strings.Contains(text, ":secretsmanager:") || f.KindOf(from) == kindOf[aws.Secret]() {
		f.Put(&s.Secret, from.Map(secretARN))
		return
	}
	f.Put(&s.Parameter, from)
}

// secretARN is the ARN of a secret without the key, stage and version that a
// task may name behind it.
func secretARN(from string) string {
	if parts := strings.Split(from, ":"); len(parts) > 7 {
		return strings.Join(parts[:7], ":")
	}
	return from
}

// SettleECSService takes the operating system of a Fargate service from the
// task that it runs.
func SettleECSService(f *Form, s *aws.ECSService) {
	if t := Target(f, s.TaskDefinition); t != nil && t.Gap("windows") == nil {
		f.Is(&s.PlatformFamily, map[bool]string{true: "Windows", false: "Linux"}[t.Windows])
	}
}

// AssignPublicIP is the switch of a network configuration; absent where there is none.
func AssignPublicIP(network, assign Value) Value {
	if network.IsAbsent() {
		return network
	}
	return assign.Or(Flag(false, nil)).Map(func(s string) string {
		if strings.EqualFold(s, "true") || s == "ENABLED" {
			return "ENABLED"
		}
		return "DISABLED"
	})
}
