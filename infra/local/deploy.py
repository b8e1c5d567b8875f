"""Brings a cloud assembly into the emulator, by the CDK's steps: files to a bucket, then CloudFormation.

The `cdk` command itself takes 19 s to say that nothing has changed.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from botocore.exceptions import ClientError

from infra.local import aws
from infra.local.emulator import ACCOUNT, REGION
from infra.local.options import CannotStart, Options

DEPLOYED: Final = "/tovholder/deployed"
"""Where the emulator keeps which assembly it runs. Kept there, it is lost together with the stack."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """What a synthesis has written: one stack and the files it needs."""

    folder: Path
    stack: str
    template: str
    digest: str
    files: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Find the one stack and its files in the assembly's manifest."""
        artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
        [(stack, described)] = [(k, a) for k, a in artifacts.items() if a["type"] == "aws:cloudformation:stack"]
        files = json.loads((folder / f"{stack}.assets.json").read_text())["files"]
        template = described["properties"]["templateFile"]
        [digest] = [key for key, file in files.items() if file["source"]["path"] == template]
        return cls(folder, stack, template, digest, files)


def deploy(assembly: Assembly, options: Options) -> dict[str, str]:
    """Create or update the stack, unless it is as the assembly says already. Return its outputs."""
    cloudformation, parameters = aws.client(options, "cloudformation"), aws.client(options, "ssm")
    if _deployed(parameters) != assembly.digest:
        url = _upload(assembly, options)
        _apply(cloudformation, assembly.stack, url)
        _expire_rows(assembly, options)
        parameters.put_parameter(Name=DEPLOYED, Value=assembly.digest, Type="String", Overwrite=True)
    [stack] = cloudformation.describe_stacks(StackName=assembly.stack)["Stacks"]
    return outputs_of(stack)


def outputs_of(stack: Any) -> dict[str, str]:
    """Return the outputs of a stack as CloudFormation describes it."""
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _deployed(parameters: Any) -> str | None:
    try:
        return str(parameters.get_parameter(Name=DEPLOYED)["Parameter"]["Value"])
    except parameters.exceptions.ParameterNotFound:
        return None


def _upload(assembly: Assembly, options: Options) -> str:
    """Put every file where the template will look for it. Return the template's address."""
    s3 = aws.client(options, "s3")
    address = ""
    for file in assembly.files.values():
        for place in file["destinations"].values():
            bucket, key = _here(place["bucketName"]), _here(place["objectKey"])
            _make_bucket(s3, bucket)
            # A key is made from the content: what is there already is right.
            if "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=key):
                s3.put_object(Bucket=bucket, Key=key, Body=_content(assembly.folder / file["source"]["path"]))
            if file["source"]["path"] == assembly.template:
                address = f"{options.emulator_url}/{bucket}/{key}"
    return address


def _here(name: str) -> str:
    return name.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)


def _make_bucket(s3: Any, bucket: str) -> None:
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})


def _content(source: Path) -> bytes:
    """Return a file, or a folder as a zip: not compressed, for each worker unpacks its own."""
    if source.is_file():
        return source.read_bytes()
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            archive.writestr(ZipInfo(path.relative_to(source).as_posix()), path.read_bytes())
    return packed.getvalue()


def _apply(cloudformation: Any, stack: str, template_url: str) -> None:
    status = _status(cloudformation, stack)
    if status is not None and status.startswith(("ROLLBACK", "CREATE_FAILED", "DELETE")):
        # What never came to be cannot be updated.
        cloudformation.delete_stack(StackName=stack)
        _settled(cloudformation, stack)
        status = None
    begin = cloudformation.create_stack if status is None else cloudformation.update_stack
    try:
        begin(
            StackName=stack,
            TemplateURL=template_url,
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as refusal:
        if "No updates are to be performed" not in str(refusal):
            raise CannotStart(f"The emulator refuses the template: {refusal}") from refusal
        return
    if _settled(cloudformation, stack) not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise CannotStart(f"The stack could not be deployed:\n{_reasons(cloudformation, stack)}")


def _status(cloudformation: Any, stack: str) -> str | None:
    try:
        return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _settled(cloudformation: Any, stack: str) -> str | None:
    while (status := _status(cloudformation, stack)) is not None and status.endswith("_IN_PROGRESS"):
        time.sleep(0.1)
    return status


def _reasons(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    return "\n".join(f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in failed)


def _expire_rows(assembly: Assembly, options: Options) -> None:
    """Switch on what the tables say of their rows' time to live: the emulator ignores it in a template."""
    dynamodb, cloudformation = aws.client(options, "dynamodb"), aws.client(options, "cloudformation")
    resources = json.loads((assembly.folder / assembly.template).read_text())["Resources"]
    for name, resource in resources.items():
        if ttl := resource.get("Properties", {}).get("TimeToLiveSpecification"):
            found = cloudformation.describe_stack_resource(StackName=assembly.stack, LogicalResourceId=name)
            table = found["StackResourceDetail"]["PhysicalResourceId"]
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
