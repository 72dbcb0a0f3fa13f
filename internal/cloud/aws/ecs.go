package aws

import (
	"time"

	"merlon.dev/internal/cloud"
)

func ecsKinds() []cloud.Resource {
	return []cloud.Resource{&ECSCluster{}, &ECSService{}, &TaskDefinition{}}
}

// ECSCluster is an ECS cluster.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
type ECSCluster struct {
	cloud.Base

	// Status is ACTIVE, PROVISIONING, DEPROVISIONING or FAILED.
	Status string `json:"status,omitempty"`
	// ContainerInsights is enabled, enhanced or disabled.
	ContainerInsights string `json:"container_insights,omitempty"`
	// CapacityProviders such as FARGATE or the name of an Auto Scaling one.
	CapacityProviders []string `json:"capacity_providers,omitempty"`
	// ExecLogging is where interactive shells are recorded: DEFAULT (the log
	// settings of the task), OVERRIDE, NONE, or empty where never configured.
	ExecLogging string `json:"exec_logging,omitempty"`
	// ExecKMSKey encrypts interactive shells end to end; it leads nowhere for none.
	ExecKMSKey cloud.Link[Key] `json:"exec_kms_key,omitzero"`
	// StorageKMSKey encrypts managed storage; it leads nowhere for the AWS owned key.
	StorageKMSKey cloud.Link[Key] `json:"storage_kms_key,omitzero"`
	// RunningTasks at the moment of reading.
	RunningTasks int `json:"running_tasks,omitempty"`
	// ContainerInstances is the number of registered EC2 hosts.
	ContainerInstances int `json:"container_instances,omitempty"`

	// Services that run in the cluster.
	Services []cloud.Link[ECSService] `json:"-" cel:"services" backlink:"cluster" within:"region"`
}

// Kind implements cloud.Resource.
func (*ECSCluster) Kind() cloud.Kind { return "AWS::ECS::Cluster" }

// ECSService keeps a number of tasks running.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
type ECSService struct {
	cloud.Base

	// Status is ACTIVE, DRAINING or INACTIVE.
	Status string `json:"status,omitempty"`
	// Cluster it runs in.
	Cluster cloud.Link[ECSCluster] `json:"cluster,omitzero"`
	// TaskDefinition it runs.
	TaskDefinition cloud.Link[TaskDefinition] `json:"task_definition,omitzero"`
	// LaunchType is EC2, FARGATE, EXTERNAL or MANAGED_INSTANCES; empty when a
	// capacity provider strategy decides.
	LaunchType string `json:"launch_type,omitempty"`
	// CapacityProviders of its strategy.
	CapacityProviders []string `json:"capacity_providers,omitempty"`
	// PlatformFamily is Linux or a Windows flavour, for Fargate.
	PlatformFamily string `json:"platform_family,omitempty"`
	// PlatformVersion is LATEST or a number such as 1.4.0; empty outside Fargate.
	PlatformVersion string `json:"platform_version,omitempty"`
	// AssignPublicIP is ENABLED or DISABLED; empty for tasks without an own
	// interface.
	AssignPublicIP string `json:"assign_public_ip,omitempty"`
	// Subnets of the tasks' interfaces.
	Subnets []cloud.Link[Subnet] `json:"subnets,omitempty"`
	// SecurityGroups of the tasks' interfaces.
	SecurityGroups []cloud.Link[SecurityGroup] `json:"security_groups,omitempty"`
	// TargetGroups are the ARNs of the target groups its tasks register with.
	TargetGroups []string `json:"target_groups,omitempty"`
	// ExecuteCommand is whether operators may open a shell in its containers.
	ExecuteCommand bool `json:"execute_command,omitempty"`
	// DesiredCount and RunningCount in tasks.
	DesiredCount int `json:"desired_count,omitempty"`
	RunningCount int `json:"running_count,omitempty"`
	// TaskSets of services that an external controller deploys.
	TaskSets []*TaskSet `json:"task_sets,omitempty"`
}

// Kind implements cloud.Resource.
func (*ECSService) Kind() cloud.Kind { return "AWS::ECS::Service" }

// TaskSet is one deployment of an externally controlled service.
type TaskSet struct {
	cloud.Object
	// ARN of the task set.
	ARN string `json:"arn"`
	// AssignPublicIP is ENABLED, DISABLED or empty.
	AssignPublicIP string `json:"assign_public_ip,omitempty"`
	// TaskDefinition it runs.
	TaskDefinition cloud.Link[TaskDefinition] `json:"task_definition,omitzero"`
}

// TaskDefinition is one active revision: the latest of its family, or one that
// a service runs.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
type TaskDefinition struct {
	cloud.Base

	// Family is the name shared by all revisions.
	Family string `json:"family,omitempty"`
	// Revision counts from 1.
	Revision int `json:"revision,omitempty"`
	// Latest is whether it is the newest active revision of its family.
	Latest bool `json:"latest,omitempty"`
	// Status is ACTIVE, INACTIVE or DELETE_IN_PROGRESS.
	Status string `json:"status,omitempty"`
	// RegisteredAt is when the revision was made.
	RegisteredAt time.Time `json:"registered_at,omitzero"`
	// NetworkMode is awsvpc, bridge, host or none; empty (Docker's default,
	// bridge on Linux) where never chosen.
	NetworkMode string `json:"network_mode,omitempty"`
	// PIDMode is host (containers see all processes of the host), task or empty.
	PIDMode string `json:"pid_mode,omitempty"`
	// IPCMode is host, task, none or empty.
	IPCMode string `json:"ipc_mode,omitempty"`
	// RequiresCompatibilities are EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES.
	RequiresCompatibilities []string `json:"requires_compatibilities,omitempty"`
	// Windows is whether it runs on Windows, where privilege, users and
	// read-only roots do not exist.
	Windows bool `json:"windows,omitempty"`
	// TaskRole is what the containers may do; it leads nowhere for none.
	TaskRole cloud.Link[Role] `json:"task_role,omitzero"`
	// ExecutionRole is what ECS itself does for the task, such as pulling
	// images and reading secrets.
	ExecutionRole cloud.Link[Role] `json:"execution_role,omitzero"`
	// Containers of the task.
	Containers []*Container `json:"containers,omitempty"`
	// Volumes the containers may mount.
	Volumes []*TaskVolume `json:"volumes,omitempty"`

	// Services that run this revision.
	Services []cloud.Link[ECSService] `json:"-" cel:"services" backlink:"task_definition" within:"region"`
}

// Kind implements cloud.Resource.
func (*TaskDefinition) Kind() cloud.Kind { return "AWS::ECS::TaskDefinition" }

// Container is one container of a task definition.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
type Container struct {
	cloud.Object
	// Name of the container.
	Name string `json:"name"`
	// Image as written, such as nginx:1.27 or an ECR address.
	Image string `json:"image,omitempty"`
	// Essential is whether the task ends with it.
	Essential bool `json:"essential,omitempty"`
	// Privileged is whether it has the host's root rights.
	Privileged bool `json:"privileged,omitempty"`
	// User inside the container, as written: name, uid, or either with a group.
	// Empty leaves it to the image, which means root for most.
	User string `json:"user,omitempty"`
	// RunsAsRoot is whether User names root: root or 0, or nothing at all.
	RunsAsRoot bool `json:"runs_as_root,omitempty"`
	// ReadOnlyRoot is whether its root file system is mounted read-only.
	ReadOnlyRoot bool `json:"read_only_root,omitempty"`
	// Environment variables, values reduced to what a secret detector says.
	Environment []*EnvVar `json:"environment,omitempty"`
	// EnvironmentFiles are the ARNs of S3 objects with more variables.
	EnvironmentFiles []string `json:"environment_files,omitempty"`
	// Secrets are variables that ECS fills from a secret store.
	Secrets []*ContainerSecret `json:"secrets,omitempty"`
	// LogDriver is awslogs, awsfirelens, splunk and so on; empty for none.
	LogDriver string `json:"log_driver,omitempty"`
	// LogGroup that awslogs writes to.
	LogGroup string `json:"log_group,omitempty"`
	// LogMode is blocking, non-blocking or empty (the account's default).
	LogMode string `json:"log_mode,omitempty"`
	// AddedCapabilities are Linux capabilities beyond Docker's default set.
	AddedCapabilities []string `json:"added_capabilities,omitempty"`
	// HostPorts opened on the host or the task's interface.
	HostPorts []int `json:"host_ports,omitempty"`
	// HasHealthCheck is whether a health check command is set.
	HasHealthCheck bool `json:"has_health_check,omitempty"`
}

// ContainerSecret is a variable filled from a secret store at start.
type ContainerSecret struct {
	cloud.Object
	// Name of the variable.
	Name string `json:"name"`
	// Secret it comes from, for Secrets Manager.
	Secret cloud.Link[Secret] `json:"secret,omitzero"`
	// Parameter it comes from, for the SSM Parameter Store.
	Parameter cloud.Link[Parameter] `json:"parameter,omitzero"`
}

// TaskVolume is a volume of a task definition.
type TaskVolume struct {
	cloud.Object
	// Name of the volume.
	Name string `json:"name"`
	// HostPath is the folder of the host that it shows; empty for none.
	HostPath string `json:"host_path,omitempty"`
	// EFS is the EFS file system behind it; unset for other volumes.
	EFS *TaskEFS `json:"efs,omitempty"`
}

// TaskEFS is how a task mounts an EFS file system.
type TaskEFS struct {
	cloud.Object
	// FileSystem that is mounted.
	FileSystem cloud.Link[FileSystem] `json:"file_system,omitzero"`
	// TransitEncryption is whether the connection is encrypted.
	TransitEncryption bool `json:"transit_encryption,omitempty"`
	// IAM is whether the task's role is used to authorise the mount.
	IAM bool `json:"iam,omitempty"`
	// AccessPoint id; empty for none.
	AccessPoint string `json:"access_point,omitempty"`
}
